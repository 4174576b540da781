import type { IncomingMessage } from 'node:http';
import type { AllowedHosts } from './allowed-hosts.ts';
import { ProblemError } from './problem-error.ts';

/**
 * Takes requests of the dashboard's own page, and of programs, and refuses those that another page has a browser make.
 * The port is not looked at: a tunnel has its own.
 * @throws {ProblemError} 403, naming the header.
 */
export function checkCaller({ headers }: IncomingMessage, isAllowed: AllowedHosts): void {
  const { host, origin } = headers;
  const hostname = hostnameOf(host);
  if (hostname === undefined || !isAllowed(hostname)) {
    throw new ProblemError(
      403,
      `The Host header is ${JSON.stringify(host ?? null)}, which is no name of this server: ask for it by the address that it printed, or start it with --host and that name`,
    );
  }
  if (origin !== undefined && origin.toLowerCase() !== `http://${host?.toLowerCase()}`) {
    throw new ProblemError(
      403,
      `The Origin header is ${JSON.stringify(origin)}: only the dashboard's own page may ask`,
    );
  }
  const site = headers['sec-fetch-site'];
  // A link from elsewhere to the page itself is a navigation, and harmless: the page then asks as its own.
  if (
    site !== undefined &&
    site !== 'same-origin' &&
    site !== 'none' &&
    headers['sec-fetch-mode'] !== 'navigate'
  ) {
    throw new ProblemError(
      403,
      `The Sec-Fetch-Site header is ${JSON.stringify(site)}: only the dashboard's own page may ask`,
    );
  }
}

function hostnameOf(host: string | undefined): string | undefined {
  const url = `http://${host ?? ''}/`;
  if (!host || !URL.canParse(url)) return undefined;
  const { hostname, username, password, pathname } = new URL(url);
  return username === '' && password === '' && pathname === '/' ? hostname : undefined;
}
