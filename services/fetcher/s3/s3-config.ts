import { UsageError } from '../../shared/exit-code.ts';

export type S3Config = {
  /** Its host is the only one that the keys are used for. */
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Without a byte from the endpoint for so long, a request has failed. */
  readonly timeoutMs: number;
};

/** The endpoint answers within a second, but may be slow to find an old file. */
const timeoutMs = 30_000;

/**
 * Reads MASSIVE_S3_ACCESS_KEY_ID, MASSIVE_S3_SECRET_ACCESS_KEY and MASSIVE_S3_ENDPOINT: the keys of flat files are not the API's.
 * @throws {UsageError} naming the variable and what it takes, and never a key.
 */
export function readS3Config(env: Readonly<Record<string, string | undefined>>): S3Config {
  return {
    endpoint: readEndpoint(env['MASSIVE_S3_ENDPOINT'] || 'https://files.massive.com'),
    accessKeyId: readKey(env, 'MASSIVE_S3_ACCESS_KEY_ID', 'the access key ID'),
    secretAccessKey: readKey(env, 'MASSIVE_S3_SECRET_ACCESS_KEY', 'the secret access key'),
    timeoutMs,
  };
}

function readKey(
  env: Readonly<Record<string, string | undefined>>,
  name: 'MASSIVE_S3_ACCESS_KEY_ID' | 'MASSIVE_S3_SECRET_ACCESS_KEY',
  what: string,
): string {
  const key = env[name]?.trim();
  if (!key) {
    throw new UsageError(
      `${name} is not set: it takes ${what} for flat files, which your Massive account shows beside the API key`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new UsageError(`${name} has spaces or characters that no key has: copy the key again`);
  }
  return key;
}

function readEndpoint(text: string): string {
  const takes = 'it takes an address such as https://files.massive.com';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`MASSIVE_S3_ENDPOINT is ${JSON.stringify(text)}: ${takes}`);
  }
  // Not shown: they may hold a key.
  if (url.username || url.password || url.search || url.hash) {
    throw new UsageError(`MASSIVE_S3_ENDPOINT has a user, a query or a fragment: ${takes}`);
  }
  return url.href.replace(/\/+$/, '');
}
