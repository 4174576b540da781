import type { ClientConfig } from 'pg';
import rdsRoots from './rds-roots.json' with { type: 'json' };

/** What a token is signed for. */
export type TokenRequest = {
  readonly hostname: string;
  readonly port: number;
  readonly username: string;
  readonly region: string;
};

export type ConnectionDeps = {
  /** Signs a token that stands for a password for 15 minutes; it is checked when the connection is made, and not after. */
  readonly signToken: (request: TokenRequest) => Promise<string>;
  /** PEM of the authorities that sign the servers' certificates, by region. */
  readonly roots: Readonly<Record<string, readonly string[]>>;
};

const aws: ConnectionDeps = {
  async signToken(request) {
    // Only here: a third of a service's code, and a laptop has no use for it.
    const { Signer } = await import('@aws-sdk/rds-signer');
    return await new Signer(request).getAuthToken();
  },
  // The regional roots of https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem.
  roots: rdsRoots,
};

/**
 * What the driver is given for a connection string. Two parameters of ours are for a database on RDS:
 *
 *     tls=rds   the connection is encrypted, and the server proves by a certificate of RDS that it is the host
 *     auth=iam  that, and AWS credentials sign a token in place of a password, a new one for each connection
 *
 * @throws {Error} naming the parameter or the host, what it is and what it takes.
 */
export function connectionOptions(connectionString: string, deps: ConnectionDeps = aws): ClientConfig {
  const url = URL.canParse(connectionString) ? new URL(connectionString) : undefined;
  if (!url?.searchParams.has('tls') && !url?.searchParams.has('auth')) return { connectionString };
  for (const [name, value] of url.searchParams) {
    if (`${name}=${value}` !== 'tls=rds' && `${name}=${value}` !== 'auth=iam') {
      throw new Error(
        `The database's connection string says ${name}=${value}: beside tls=rds and auth=iam it takes nothing`,
      );
    }
  }
  const region = /\.([a-z0-9-]+)\.rds\.amazonaws\.com$/.exec(url.hostname)?.[1] ?? '';
  const ca = deps.roots[region];
  if (ca === undefined) {
    throw new Error(
      `The database's host is ${url.hostname}: tls=rds and auth=iam take an endpoint of RDS, NAME.REGION.rds.amazonaws.com, in one of ${Object.keys(deps.roots).join(', ')}`,
    );
  }
  const user = decodeURIComponent(url.username);
  const port = Number(url.port || 5432);
  return {
    host: url.hostname,
    port,
    user,
    database: decodeURIComponent(url.pathname.slice(1)),
    ssl: { ca: [...ca] },
    ...(url.searchParams.has('auth')
      ? { password: () => deps.signToken({ hostname: url.hostname, port, username: user, region }) }
      : url.password && { password: decodeURIComponent(url.password) }),
  };
}
