import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits a random time up to `baseMs * 2 ** attempt`, at most `maxMs`: full jitter, so that those who were turned away
 * together do not come back together. Returns early, without an error, when the signal aborts.
 */
export async function backoff(
  attempt: number,
  { baseMs, maxMs, signal }: { baseMs: number; maxMs: number; signal: AbortSignal },
): Promise<void> {
  const ms = Math.random() * Math.min(maxMs, baseMs * 2 ** attempt);
  await sleep(ms, undefined, { signal }).catch(() => {});
}
