import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request to a route, its caller checked. */
export type Call = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** What the route's pattern caught of the path. */
  readonly caught: readonly string[];
};

/** Answers with the JSON of what it returns; undefined: it has answered, or goes on answering, by itself. */
export type Answer = (call: Call) => Promise<Answered | undefined>;

export type Answered = { readonly status?: number; readonly body: unknown };

export type Route = {
  /** HEAD is GET without the body. */
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly answer: Answer;
};
