import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Act, ActRequest, Bars, LiveEvent, Session } from '../../../services/dashboard/api.ts';
import { pageDirectory } from '../../../services/dashboard/build-page.ts';
import { securityHeaders } from '../../../services/dashboard/http/security-headers.ts';
import { dailyBars, groupsOf, madeUpDays, madeUpPipeline, madeUpTrace } from './made-up-bars.ts';

export type StandIn = {
  readonly url: string;
  readonly session: Session;
  /** Daily bars by symbol; a test changes them, and then says so. */
  readonly market: Map<string, ReturnType<typeof dailyBars>>;
  readonly asked: string[];
  readonly acts: Act[];
  readonly say: (event: LiveEvent) => void;
  /** Acts end before the answer to who began them has come. */
  endActsAtOnce(ends: boolean): void;
  /** How many pages listen. */
  listeners(): number;
  /** Cuts the live connections; until `comeBack` nobody gets a new one, and no answer. */
  leave(): void;
  /** As another server would: with another token for acts. */
  comeBack(): void;
  /** Lets the answers with bars of that symbol wait. */
  delay(symbol: string, ms: number): void;
  /** What the routes that begin so answer from now on: a status and an error; null: as usual. */
  fail(path: string, status: number | null): void;
  close(): Promise<void>;
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** Serves the page with bars that are made up, so that what a real pipeline does seldom can be shown: silence, failures, long histories. */
export async function startStandIn(symbols: readonly string[], days = 6_000): Promise<StandIn> {
  const directory = await pageDirectory();
  const market = new Map(symbols.map((symbol, seed) => [symbol, dailyBars(seed, days)]));
  let token = 'token-of-the-stand-in';
  const session: Session = {
    intervals: [1, 3, 5, 8, 13, 21, 34],
    symbols: symbols.length,
    lastDay: market.values().next().value?.at(-1)?.day ?? null,
    local: true,
    get token() {
      return token;
    },
    version: '0.0.0',
  };
  const acts: Act[] = [];
  const asked: string[] = [];
  const live = new Set<ServerResponse>();
  const failing = new Map<string, number>();
  const delays = new Map<string, number>();
  let quickActs = false;
  let away = false;

  function answer(path: string, query: URLSearchParams, request: IncomingMessage): unknown {
    const text = (name: string) => query.get(name) ?? '';
    if (path === '/api/session') return session;
    if (path === '/api/symbols') return found(text('query'), Number(text('limit')));
    if (path === '/api/bars')
      return bars(text('symbol'), Number(text('interval')), query.get('before'), Number(text('limit')));
    if (path === '/api/group') {
      const group = groupsOf(market.get(text('symbol')) ?? [], Number(text('interval')));
      return group.find(({ bar }) => bar.start === text('start'))?.days ?? [];
    }
    if (path === '/api/pipeline') return madeUpPipeline(market.size, session.lastDay);
    if (path === '/api/days') return madeUpDays(text('from'), text('through'), session.lastDay ?? '');
    if (path === '/api/trace') return madeUpTrace(text('id'));
    if (path === '/api/acts' && request.method === 'GET') return acts;
    return undefined;
  }

  function found(query: string, limit: number) {
    return [...market]
      .filter(([symbol]) => symbol.toLowerCase().includes(query.toLowerCase()))
      .slice(0, limit)
      .map(([symbol, all]) => ({
        symbol,
        firstDay: all[0]?.day ?? '',
        lastDay: all.at(-1)?.day ?? '',
        bars: all.length,
      }));
  }

  function bars(symbol: string, interval: number, before: string | null, limit: number): Bars {
    const all = groupsOf(market.get(symbol) ?? [], interval)
      .map(({ bar }) => bar)
      .filter(({ start }) => before === null || start < before);
    const splits = market.has(symbol)
      ? [{ exDay: market.get(symbol)?.at(-200)?.day ?? '', from: '1', to: '4' }]
      : [];
    return { symbol, interval, bars: all.slice(-limit), more: all.length > limit, splits, adjusted: true };
  }

  async function onAct(request: IncomingMessage, path: string): Promise<Act> {
    const running = acts.find(({ id }) => path === `/api/acts/${id}/stop`);
    if (running !== undefined) return replace({ ...running, state: 'stopped', outcome: 'stopped by you' });
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const asking = JSON.parse(body) as ActRequest;
    const act: Act = {
      id: String(acts.length + 1),
      request: asking,
      command: `npm run fibbars -- ${asking.kind}`,
      state: 'running',
      done: 3,
      total: 12,
      unit: 'days',
      outcome: null,
      startedAt: new Date().toISOString(),
    };
    acts.unshift(act);
    if (quickActs) {
      say({ kind: 'act', act: replace({ ...act, state: 'done', outcome: 'done at once' }) });
      await sleep(200);
    }
    return act;
  }

  function say(event: LiveEvent): void {
    for (const response of live) response.write(`event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  function replace(act: Act): Act {
    acts.splice(
      acts.findIndex(({ id }) => id === act.id),
      1,
      act,
    );
    return act;
  }

  async function onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stand-in');
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    if (away) {
      request.socket.destroy();
      return;
    }
    if (!pathname.startsWith('/api/')) {
      await sendFile(response, join(directory, normalize(pathname === '/' ? '/index.html' : pathname)));
      return;
    }
    asked.push(request.url ?? '');
    if (pathname === '/api/bars') await sleep(delays.get(searchParams.get('symbol') ?? '') ?? 0);
    const status = [...failing].find(([path]) => pathname.startsWith(path))?.[1];
    if (status !== undefined) send(response, status, { error: `Made to fail with ${status}: try again` });
    else if (pathname === '/api/live') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write('retry: 300\n\n');
      live.add(response);
      response.on('close', () => live.delete(response));
    } else if (request.method === 'POST' && request.headers['x-fibbars-token'] !== token) {
      send(response, 403, { error: 'The header x-fibbars-token is not what this server has given out' });
    } else if (request.method === 'POST') send(response, 201, await onAct(request, pathname));
    else send(response, 200, answer(pathname, searchParams, request));
  }

  const server = createServer((request, response) => void onRequest(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    session,
    market,
    asked,
    acts,
    say,
    endActsAtOnce(ends) {
      quickActs = ends;
    },
    leave() {
      away = true;
      for (const response of live) response.destroy();
    },
    comeBack() {
      away = false;
      token = `${token}-renewed`;
    },
    listeners: () => live.size,
    delay(symbol, ms) {
      delays.set(symbol, ms);
    },
    fail(path, status) {
      if (status === null) failing.delete(path);
      else failing.set(path, status);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function sendFile(response: ServerResponse, path: string): Promise<void> {
  const content = await readFile(path).catch(() => null);
  response.writeHead(content === null ? 404 : 200, { 'content-type': types[extname(path)] ?? 'text/plain' });
  response.end(content ?? 'not found');
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(body === undefined ? 404 : status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body ?? { error: 'Nothing is known of it' }));
}
