import { isIP } from 'node:net';

/** Names by which a browser may ask for the dashboard. */
export type AllowedHosts = (hostname: string) => boolean;

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

/** Whether an address or name that a server listens on is this machine's alone. */
export function isLoopback(host: string): boolean {
  return loopback.has(host) || /^127(\.\d+){3}$/.test(host);
}

/**
 * Which host names a server takes that listens on `host`. Any page of the web can have its own name lead to this machine (DNS
 * rebinding), and is then of the server's own origin to the browser: so a name must be `localhost`, or the one that was asked for.
 * An address cannot be rebound; on all interfaces (0.0.0.0, ::) each is taken.
 */
export function allowedHosts(host: string): AllowedHosts {
  const everywhere = host === '0.0.0.0' || host === '::';
  return (hostname) => {
    const name = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
    return isLoopback(name) || name === host.toLowerCase() || (everywhere && isIP(name) !== 0);
  };
}
