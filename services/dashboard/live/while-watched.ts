import { setTimeout as sleep } from 'node:timers/promises';
import { backoff } from '../../shared/backoff.ts';
import type { Logger } from '../../shared/logger.ts';

export type Started = { stop(): Promise<void> };

export type WhileWatchedDeps = {
  readonly start: () => Promise<Started>;
  /** Told each time that it has started. */
  readonly onStarted: () => void;
  /** How long it goes on after the last one has left, for whoever comes back. */
  readonly lingerMs: number;
  /** How long whoever arrives waits for it; nobody waits longer for a page. */
  readonly patienceMs?: number;
  readonly logger: Logger;
};

export type WhileWatched = {
  /** Somebody watches from now on. Resolves when it runs, or after a while without success: it goes on trying. */
  arrive(): Promise<void>;
  leave(): void;
  close(): Promise<void>;
};

/** Runs something while anybody watches, so that nothing is spent, and no database kept awake, for nobody. */
export function whileWatched({
  start,
  onStarted,
  lingerMs,
  patienceMs = 5_000,
  logger,
}: WhileWatchedDeps): WhileWatched {
  let watchers = 0;
  let closed = false;
  let run: Run | undefined;
  let leaving: NodeJS.Timeout | undefined;
  /** One run at a time: the next starts when the last has stopped. */
  let before: Promise<void> = Promise.resolve();

  function begin(): Run {
    const stopping = new AbortController();
    const { signal } = stopping;
    const ready = Promise.withResolvers<void>();
    const previous = before;
    const ended = (async () => {
      await previous;
      for (let failures = 0; !signal.aborted; failures++) {
        try {
          const started = await start();
          onStarted();
          ready.resolve();
          await aborted(signal);
          await started.stop();
        } catch (error) {
          if (!signal.aborted) logger.warn({ err: error }, 'live events fail, trying again');
          await backoff(failures, { baseMs: 500, maxMs: 10_000, signal });
        }
      }
      ready.resolve();
    })();
    before = ended;
    return { ready: ready.promise, end: () => stopping.abort(), ended };
  }

  return {
    async arrive() {
      watchers++;
      clearTimeout(leaving);
      if (closed) return;
      run ??= begin();
      await Promise.race([run.ready, sleep(patienceMs, undefined, { ref: false })]);
    },
    leave() {
      watchers--;
      if (watchers > 0 || closed) return;
      leaving = setTimeout(() => {
        run?.end();
        run = undefined;
      }, lingerMs);
      leaving.unref();
    },
    async close() {
      closed = true;
      clearTimeout(leaving);
      run?.end();
      await before;
    },
  };
}

type Run = { readonly ready: Promise<void>; readonly ended: Promise<void>; end(): void };

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
