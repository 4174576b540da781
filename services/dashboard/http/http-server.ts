import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../../shared/logger.ts';
import type { Problem } from '../api.ts';
import { type AllowedHosts, allowedHosts } from './allowed-hosts.ts';
import { checkCaller } from './check-caller.ts';
import { ProblemError } from './problem-error.ts';
import { problemOf } from './problem-of.ts';
import type { Route } from './route.ts';
import { setSecurityHeaders } from './security-headers.ts';

export type HttpServer = {
  /** As a browser of this machine asks for it. */
  readonly url: string;
  close(): Promise<void>;
};

export type HttpServerOptions = {
  /** Name or address of the interface to listen on. */
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly routes: readonly Route[];
  readonly logger: Logger;
};

export class DashboardAddressError extends Error {
  override name = 'DashboardAddressError';
  constructor({ host, port }: { host: string; port: number }, cause: NodeJS.ErrnoException) {
    const why = {
      EADDRINUSE: 'the port is taken: choose another one, or leave it out for a free one',
      EACCES: 'this user may not: choose a port from 1024 up',
      EADDRNOTAVAIL: 'this machine has no such address: choose one of its own',
      ENOTFOUND: 'there is no such name: choose an address of this machine',
    }[cause.code ?? ''];
    super(`The dashboard cannot listen on ${host}:${port}: ${why ?? cause.message}`, { cause });
  }
}

/** Answers under way have this long to leave when the server closes. */
const closeGraceMs = 500;
/** A page has at most a few; browsers hold 6 to one server. */
const mostConnections = 256;

/**
 * Serves the routes to their own page on this machine.
 * @throws {DashboardAddressError} if it cannot listen there.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const isAllowed = allowedHosts(options.host);
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    void handle(options, isAllowed, request, response);
  });
  server.maxConnections = mostConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new DashboardAddressError(options, error)));
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: urlOf(options.host, port),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), closeGraceMs).unref();
      }),
  };
}

function urlOf(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}/`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/`;
}

async function handle(
  { routes, logger }: HttpServerOptions,
  isAllowed: AllowedHosts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Of a browser that has left: without a listener it would end the process, and the pipeline with it.
  response.on('error', (error) => logger.debug({ err: error }, 'an answer found nobody'));
  setSecurityHeaders(response);
  try {
    checkCaller(request, isAllowed);
    const url = urlIn(request);
    const { route, caught } = routeFor(routes, request.method ?? '', url.pathname, response);
    const answered = await route.answer({ request, response, url, caught });
    if (answered) sendJson(response, answered.status ?? 200, answered.body);
  } catch (error) {
    const { status, message } = problemOf(error);
    if (status >= 500) logger.error({ err: error, path: request.url }, 'the dashboard failed to answer');
    if (response.headersSent) response.destroy();
    else sendJson(response, status, { error: message } satisfies Problem);
  }
}

function urlIn(request: IncomingMessage): URL {
  // A path such as //elsewhere would be taken for a host.
  const target = request.url ?? '';
  const url = `http://dashboard${target}`;
  if (!target.startsWith('/') || !URL.canParse(url)) {
    throw new ProblemError(
      400,
      `The address is ${JSON.stringify(target)}: it takes a path such as /api/session`,
    );
  }
  return new URL(url);
}

function routeFor(
  routes: readonly Route[],
  method: string,
  path: string,
  response: ServerResponse,
): { route: Route; caught: readonly string[] } {
  const allowed = new Set<string>();
  for (const route of routes) {
    const match = route.path.exec(path);
    if (!match) continue;
    if (route.method === method || (route.method === 'GET' && method === 'HEAD')) {
      return { route, caught: match.slice(1) };
    }
    for (const name of route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]) allowed.add(name);
  }
  if (allowed.size === 0) throw new ProblemError(404, `There is nothing at ${path}`);
  response.setHeader('allow', [...allowed].join(', '));
  throw new ProblemError(405, `${path} takes ${[...allowed].join(' and ')}, not ${method}`);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}
