import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type MassiveRequest = {
  /** Without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly url: string;
  readonly authorization: string | undefined;
};

/** An answer; or the connection is broken before it, in the middle of it, or says no more after a part of it, which may be ''. */
export type MassiveReply =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body: unknown }
  | { readonly broken: string }
  | { readonly stalled: string }
  | 'reset';

export type MassiveScript = (request: MassiveRequest, index: number) => MassiveReply | Promise<MassiveReply>;

export type ScriptedMassive = {
  readonly baseUrl: string;
  /** In the order of their arrival. */
  readonly requests: MassiveRequest[];
  script(script: MassiveScript): void;
  /** Ends the server at once, with all connections. */
  close(): Promise<void>;
};

/** The API of Massive over HTTP, with answers of the test's choice. A body that is no string is sent as JSON. */
export async function startScriptedMassive(): Promise<ScriptedMassive> {
  const requests: MassiveRequest[] = [];
  let answer: MassiveScript = () => ({ status: 404, body: '404 page not found' });
  const server = createServer((incoming, outgoing) => {
    const { pathname, searchParams, href } = new URL(incoming.url ?? '', baseUrl);
    const request: MassiveRequest = {
      path: pathname,
      query: Object.fromEntries(searchParams),
      url: href,
      authorization: incoming.headers.authorization,
    };
    const index = requests.push(request) - 1;
    Promise.resolve(answer(request, index)).then(
      (reply) => send(outgoing, reply),
      () => outgoing.destroy(),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    baseUrl,
    requests,
    script(script) {
      answer = script;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function send(outgoing: ServerResponse, reply: MassiveReply): void {
  if (reply === 'reset') {
    outgoing.destroy();
    return;
  }
  if ('body' in reply) {
    const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
    outgoing.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
    outgoing.end(text);
    return;
  }
  if ('stalled' in reply && reply.stalled === '') return;
  outgoing.writeHead(200, { 'content-type': 'application/json' });
  if ('stalled' in reply) outgoing.write(reply.stalled);
  else outgoing.write(reply.broken, () => outgoing.destroy());
}

export type MarketBar = {
  readonly T: string;
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly v: number;
};

/** Bars of AAPL, CPS and CpS whose prices follow from the day. */
export function marketOf(day: string): MarketBar[] {
  const seed = Math.round(Date.parse(day) / 86_400_000) % 97;
  return ['CpS', 'AAPL', 'CPS'].map((T, at) => {
    const [o, c] = [100 + at + (seed % 13), 100 + at + (seed % 17)];
    return { T, o, c, h: Math.max(o, c) + 1.25, l: Math.min(o, c) - 0.5, v: 1_000 + seed };
  });
}

const groupedPath = /^\/v2\/aggs\/grouped\/locale\/us\/market\/stocks\/(\d{4}-\d{2}-\d{2})$/;

/** The day that a grouped-daily request asks for; undefined when it is another request. */
export function groupedDay(request: MassiveRequest): string | undefined {
  return groupedPath.exec(request.path)?.[1];
}

/** A market that has every day, and no splits. */
export const ordinaryMarket = (request: MassiveRequest): MassiveReply => {
  const day = groupedDay(request);
  if (day !== undefined) return { body: groupedBody(marketOf(day)) };
  if (request.path === '/stocks/v1/splits') return { body: { status: 'OK', results: [] } };
  return { status: 404, body: '404 page not found' };
};

export function groupedBody(results: readonly object[]): object {
  return {
    queryCount: results.length,
    resultsCount: results.length,
    adjusted: false,
    results,
    status: 'OK',
  };
}
