import { UsageError } from '../../shared/exit-code.ts';

export type MassiveConfig = {
  /** Its host is the only one that is ever sent the key. Without a slash at the end. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** What the plan allows: 5 on the free one. */
  readonly callsPerMinute: number;
};

/**
 * Reads MASSIVE_API_KEY or POLYGON_API_KEY, MASSIVE_BASE_URL and MASSIVE_CALLS_PER_MINUTE.
 * @throws {UsageError} naming the variable and what it takes, and never the key.
 */
export function readMassiveConfig(env: Readonly<Record<string, string | undefined>>): MassiveConfig {
  return {
    baseUrl: readBaseUrl(env['MASSIVE_BASE_URL'] || 'https://api.massive.com'),
    apiKey: readKey(env),
    callsPerMinute: readCallsPerMinute(env['MASSIVE_CALLS_PER_MINUTE'] || '5'),
  };
}

function readKey(env: Readonly<Record<string, string | undefined>>): string {
  const name = env['MASSIVE_API_KEY'] ? 'MASSIVE_API_KEY' : 'POLYGON_API_KEY';
  const key = env[name]?.trim();
  if (!key) {
    throw new UsageError(
      'MASSIVE_API_KEY is not set: it takes the API key of your Massive (formerly Polygon.io) account; POLYGON_API_KEY is taken too',
    );
  }
  // Anything else makes an invalid header, and its error would show the key.
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new UsageError(`${name} has spaces or characters that no key has: copy the key again`);
  }
  return key;
}

function readBaseUrl(text: string): string {
  const takes = 'it takes an address such as https://api.massive.com';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`MASSIVE_BASE_URL is ${JSON.stringify(text)}: ${takes}`);
  }
  // Not shown: they may hold a key.
  if (url.username || url.password || url.search || url.hash) {
    throw new UsageError(`MASSIVE_BASE_URL has a user, a query or a fragment: ${takes}`);
  }
  return url.href.replace(/\/+$/, '');
}

function readCallsPerMinute(text: string): number {
  const calls = Number(text);
  if (!/^\d+$/.test(text) || calls < 1 || calls > 1_000_000) {
    throw new UsageError(
      `MASSIVE_CALLS_PER_MINUTE is ${JSON.stringify(text)}: it takes a whole number from 1 up`,
    );
  }
  return calls;
}
