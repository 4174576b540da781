import { setTimeout as sleep } from 'node:timers/promises';
import { backoff } from '../../shared/backoff.ts';
import type { Logger } from '../../shared/logger.ts';
import { type Answer, exchange } from './exchange.ts';
import { judgeAnswer } from './judge-answer.ts';
import type { JsonObject } from './lossless-json.ts';
import type { MassiveConfig } from './massive-config.ts';
import { MassiveError, shownUrl, withoutKey } from './massive-error.ts';
import { createPacer } from './pacer.ts';
import { retryAfterMs } from './retry-after.ts';

/** How long to bear with the API. */
export type Patience = {
  readonly idleMs: number;
  readonly totalMs: number;
  readonly failed: Retry;
  /** Told that it were too many calls, without how long to wait. */
  readonly turnedAway: Retry;
  /** A longer Retry-After is not waited for. */
  readonly longestWaitMs: number;
};

export type Retry = { readonly tries: number; readonly baseMs: number; readonly maxMs: number };

const defaultPatience: Patience = {
  // A day of the whole market has 1.5 MB.
  idleMs: 30_000,
  totalMs: 300_000,
  failed: { tries: 5, baseMs: 1_000, maxMs: 30_000 },
  // The allowance is of a minute: together these last a few.
  turnedAway: { tries: 8, baseMs: 10_000, maxMs: 60_000 },
  longestWaitMs: 600_000,
};

export type MassiveClient = {
  url(path: string, query: Readonly<Record<string, string>>): URL;
  /** The next page's address, without a key. @throws {MassiveError} if it is of another host. */
  nextUrl(nextUrl: string, after: URL): URL;
  /**
   * Asks, and asks again while the failure may pass: also when `read` throws such a MassiveError.
   * @throws {MassiveError} after the last try. When `signal` aborts: its reason.
   */
  get<T>(url: URL, read: (body: JsonObject) => T, signal: AbortSignal): Promise<T>;
};

const mostRedirects = 3;

/** Calls the API at the pace that the plan allows. One for all calls of a process, since they share its allowance. */
export function createMassiveClient(
  { baseUrl, apiKey, callsPerMinute }: MassiveConfig,
  logger: Logger,
  patience: Patience = defaultPatience,
): MassiveClient {
  const pacer = createPacer(callsPerMinute);
  const hide = (words: string) => words.replaceAll(apiKey, '***');
  const headers = { authorization: `Bearer ${apiKey}`, accept: 'application/json' };

  /** The only way to an address: none but those of the base URL's host get the key. */
  function ours(address: string, from: URL): URL {
    const url = URL.canParse(address, from.href) ? withoutKey(new URL(address, from)) : undefined;
    if (url?.origin === new URL(baseUrl).origin) return url;
    const named = url === undefined ? 'an address that is none' : `${url.origin} instead of ${baseUrl}`;
    throw new MassiveError({ problem: 'another host', url: from, found: `it leads to ${named}` });
  }

  async function ask(url: URL, signal: AbortSignal): Promise<Answer> {
    let target = ours(url.href, url);
    for (let redirects = 0; ; redirects++) {
      await sleep(pacer.book(performance.now()), undefined, { signal });
      const answer = await exchange(target, { ...patience, headers, signal });
      const location = answer.headers.get('location');
      if (answer.status < 300 || answer.status > 399 || location === null) return answer;
      if (redirects === mostRedirects) {
        const found = `redirected more than ${mostRedirects} times`;
        throw new MassiveError({ problem: 'bad answer', url, found });
      }
      target = ours(location, target);
    }
  }

  /** Keeps all calls back as long as the answer asks. @returns whether it asks for that. */
  function heed({ status, headers: answered }: Answer, url: URL): boolean {
    const waitMs =
      status === 429 || status === 503 ? retryAfterMs(answered.get('retry-after'), new Date()) : null;
    if (!waitMs) return false;
    if (waitMs > patience.longestWaitMs) {
      const found = `${status}, to wait for ${Math.ceil(waitMs / 1_000)} s`;
      const problem = status === 429 ? 'too many calls' : 'unavailable';
      throw new MassiveError({ problem, url, found, final: true });
    }
    pacer.pauseUntil(performance.now() + waitMs);
    return true;
  }

  return {
    url: (path, query) => new URL(`${baseUrl}${path}?${new URLSearchParams(query).toString()}`),
    nextUrl: ours,
    async get(url, read, signal) {
      const tries = { failed: 0, turnedAway: 0 };
      for (;;) {
        let waits = false;
        try {
          const answer = await ask(url, signal);
          waits = heed(answer, url);
          return read(judgeAnswer(url, answer, hide));
        } catch (error) {
          if (signal.aborted) throw signal.reason;
          if (!(error instanceof MassiveError) || !error.transient) throw error;
          const kind = error.problem === 'too many calls' ? 'turnedAway' : 'failed';
          if (++tries[kind] >= patience[kind].tries) throw error.afterTries(tries.failed + tries.turnedAway);
          logger.warn({ url: shownUrl(url), reason: error.message }, 'Asking again');
          if (!waits) await backoff(tries[kind] - 1, { ...patience[kind], signal });
        }
      }
    },
  };
}
