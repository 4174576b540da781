import { pino } from 'pino';
import { expect } from 'vitest';
import {
  createMassiveClient,
  type MassiveClient,
  type Patience,
} from '../../../services/fetcher/massive/massive-client.ts';
import { MassiveError } from '../../../services/fetcher/massive/massive-error.ts';
import { type MassiveReply, startScriptedMassive } from '../../support/scripted-massive.ts';

export const key = 'hush-hush-0123456789';
/** Short waits, so that a test of many tries is short. */
const patience: Patience = {
  idleMs: 20_000,
  totalMs: 20_000,
  failed: { tries: 4, baseMs: 1, maxMs: 5 },
  turnedAway: { tries: 3, baseMs: 1, maxMs: 5 },
  longestWaitMs: 5_000,
};
export const never = new AbortController().signal;
export const ok = { body: { status: 'OK', results: [1] } };

export type ClientBench = Awaited<ReturnType<typeof startClientBench>>;

/** The API with answers of the test's choice, a client of it, and all that the client has logged. */
export async function startClientBench() {
  const massive = await startScriptedMassive();
  const logged: string[] = [];
  function clientOf(
    more: Partial<Patience> & { baseUrl?: string; callsPerMinute?: number } = {},
  ): MassiveClient {
    const { baseUrl = massive.baseUrl, callsPerMinute = 100_000, ...less } = more;
    const logger = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
    return createMassiveClient({ baseUrl, apiKey: key, callsPerMinute }, logger, { ...patience, ...less });
  }
  const client = clientOf();
  return {
    massive,
    logged,
    client,
    clientOf,
    /** Replies in this order, the last again and again. */
    reply(...replies: MassiveReply[]): void {
      let next = 0;
      massive.script(() => replies[Math.min(next++, replies.length - 1)] ?? 'reset');
    },
    ask: (asked = client, signal = never) =>
      asked.get(asked.url('/v2/some', { adjusted: 'false' }), (body) => body, signal),
    async failure(asking: Promise<unknown>): Promise<MassiveError> {
      const error = await asking.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(MassiveError);
      // Wherever an error is shown, with all that it holds.
      expect(JSON.stringify([error, (error as Error).stack, String((error as Error).cause)])).not.toContain(
        key,
      );
      expect(logged.join('')).not.toContain(key);
      return error as MassiveError;
    },
    /** Before each test. */
    clear() {
      massive.requests.length = 0;
      logged.length = 0;
    },
    close: () => massive.close(),
  };
}
