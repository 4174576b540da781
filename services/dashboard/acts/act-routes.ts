import type { IncomingMessage } from 'node:http';
import type { ActToken } from '../http/act-token.ts';
import { ProblemError } from '../http/problem-error.ts';
import { queryOf } from '../http/query.ts';
import { readJsonBody } from '../http/read-body.ts';
import type { Route } from '../http/route.ts';
import { readActRequest } from './act-request.ts';
import type { ActRunner } from './act-runner.ts';

/** What acts need; or why there are none. */
export type Acting = { readonly runner: ActRunner; readonly token: ActToken } | { readonly refusal: string };

export const tokenHeader = 'x-fibbars-token';

export function actRoutes(acting: Acting): Route[] {
  return [
    {
      method: 'GET',
      path: /^\/api\/acts$/,
      answer({ url }) {
        queryOf(url.searchParams, []);
        return Promise.resolve({ body: 'runner' in acting ? acting.runner.list() : [] });
      },
    },
    {
      method: 'POST',
      path: /^\/api\/acts$/,
      async answer({ request }) {
        const runner = authorized(acting, request);
        return { status: 201, body: runner.start(readActRequest(await readJsonBody(request))) };
      },
    },
    {
      method: 'POST',
      path: /^\/api\/acts\/([^/]+)\/stop$/,
      answer({ request, caught: [id = ''] }) {
        const runner = authorized(acting, request);
        return Promise.resolve({ body: runner.stop(id) });
      },
    },
  ];
}

/** @throws {ProblemError} 403 if this dashboard only shows, or without its token. */
function authorized(acting: Acting, { headers }: IncomingMessage): ActRunner {
  if ('refusal' in acting) throw new ProblemError(403, acting.refusal);
  if (acting.token.matches(headers[tokenHeader])) return acting.runner;
  throw new ProblemError(
    403,
    `The header ${tokenHeader} is not the token of this dashboard: load the page again, or read /api/session`,
  );
}
