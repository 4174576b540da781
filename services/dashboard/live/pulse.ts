import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../shared/logger.ts';
import type { LiveEvent, Pipeline } from '../api.ts';
import type { Started } from './while-watched.ts';

export type PulseDeps = {
  readonly count: () => Promise<Pipeline>;
  readonly tell: (event: LiveEvent) => void;
  readonly logger: Logger;
  readonly everyMs?: number;
};

/** Pages take silence of 25 s for a dead connection. */
const aliveMs = 10_000;

/** Tells the counts every second when they have changed, and now and then when they have not. */
export function startPulse({ count, tell, logger, everyMs = 1_000 }: PulseDeps): Started {
  const stopping = new AbortController();
  const { signal } = stopping;
  async function beat(): Promise<void> {
    let told = '';
    let toldAtMs = -Infinity;
    while (!signal.aborted) {
      try {
        const pipeline = await count();
        const counts = JSON.stringify({ ...pipeline, at: null });
        if (counts !== told || performance.now() - toldAtMs >= aliveMs) {
          tell({ kind: 'pipeline', pipeline });
          told = counts;
          toldAtMs = performance.now();
        }
      } catch (error) {
        if (!signal.aborted) logger.warn({ err: error }, 'the pipeline cannot be counted, trying again');
      }
      await sleep(everyMs, undefined, { signal }).catch(() => {});
    }
  }
  const beating = beat();
  return {
    async stop() {
      stopping.abort();
      await beating;
    },
  };
}
