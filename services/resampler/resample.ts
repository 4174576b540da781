import { randomUUID } from 'node:crypto';
import { pendingSymbols } from '../../sql/queries/pending-symbols.ts';
import { indexPlans } from '../../sql/queries/plan-by-index.ts';
import { runExists } from '../../sql/queries/run-exists.ts';
import type { Database } from '../shared/database.ts';
import type { Logger } from '../shared/logger.ts';
import { planChunks } from './plan-chunks.ts';
import { resampleChunk } from './resample-chunk.ts';

export type ResampleDeps = {
  readonly db: Database;
  readonly logger: Logger;
  /** Publishes what a chunk has written to the outbox; called after each commit. */
  readonly publish: () => Promise<unknown>;
  /** Stops between two chunks. */
  readonly signal: AbortSignal;
};

export type ResampleWork = {
  readonly jobId: string | null;
  readonly symbols: readonly string[];
  /** In days. */
  readonly intervals: readonly number[];
  /** Chunks at once, each on a connection of its own. */
  readonly sessions: number;
};

export type Resampled = {
  symbols: number;
  changedRows: number;
  chunks: number;
  /** False when `signal` stopped it before the last chunk. */
  complete: boolean;
};

/**
 * Works in the pending invalidations of the symbols, chunk by chunk, until a read finds none of them left.
 * Stopped, killed or repeated at any point, it leaves each chunk whole or untouched.
 */
export async function resample(deps: ResampleDeps, work: ResampleWork): Promise<Resampled> {
  const total: Resampled = { symbols: 0, changedRows: 0, chunks: 0, complete: true };
  for (;;) {
    const pending = await deps.db.repeat((client) =>
      pendingSymbols(client, work.symbols, work.intervals, work.jobId),
    );
    if (pending.length === 0) return total;
    const chunks = planChunks(pending);
    const session = async () => {
      for (let symbols = chunks.shift(); symbols !== undefined; symbols = chunks.shift()) {
        if (deps.signal.aborted) {
          total.complete = false;
          return;
        }
        await runChunk(deps, work, symbols, total);
      }
    };
    const sessions = Array.from({ length: Math.min(work.sessions, chunks.length) }, session);
    const failed = (await Promise.allSettled(sessions)).find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
    if (!total.complete) return total;
  }
}

async function runChunk(
  deps: ResampleDeps,
  work: ResampleWork,
  symbols: readonly string[],
  total: Resampled,
): Promise<void> {
  const startedMs = performance.now();
  let runId = '';
  const result = await deps.db.transaction(
    (client) => {
      // Of each attempt its own: the COMMIT of the one before may still arrive, and then there is nothing left to do.
      runId = randomUUID();
      return resampleChunk(client, { runId, jobId: work.jobId, symbols, intervals: work.intervals });
    },
    {
      settings: indexPlans,
      committed: (client) => runExists(client, runId),
      onRetry: (error) => deps.logger.warn({ runId, reason: error.message }, 'chunk is repeated'),
    },
  );
  total.chunks++;
  total.symbols += result.symbols;
  total.changedRows += result.changedRows;
  deps.logger.info(
    { runId, ...result, durationMs: Math.round(performance.now() - startedMs) },
    'chunk is resampled',
  );
  await deps.publish();
}
