import { setTimeout as sleep } from 'node:timers/promises';
import { readPending } from '../../sql/queries/read-pending.ts';
import { readStatus } from '../../sql/queries/read-status.ts';
import { NotDrainedError } from '../local/pipeline/drain.ts';
import type { Database } from '../shared/database.ts';

export class PipelineStoppedError extends Error {
  override name = 'PipelineStoppedError';
  constructor(options?: ErrorOptions) {
    super(
      'The pipeline has stopped before the work was done. Nothing is lost: the same command again does the rest',
      options,
    );
  }
}

export type AwaitDeps = {
  readonly db: Database;
  /** Whether the pipeline is still there. */
  readonly runs: () => Promise<boolean>;
  readonly signal: AbortSignal;
  readonly everyMs?: number;
};

/**
 * Waits until a pipeline that somebody else runs has nothing pending.
 * @throws {NotDrainedError} if a job fails meanwhile and nothing else is under way.
 * @throws {PipelineStoppedError}
 */
export async function awaitPipeline({ db, runs, signal, everyMs = 300 }: AwaitDeps): Promise<void> {
  const before = await db.withClient(readStatus);
  while (!signal.aborted) {
    const pending = await db.withClient(readPending);
    if (!pending.invalidations && !pending.jobs) return;
    if (!pending.jobs) {
      const { failedJobs, invalidations, lastFailure } = await db.withClient(readStatus);
      if (failedJobs > before.failedJobs && invalidations > 0)
        throw new NotDrainedError(invalidations, lastFailure);
    }
    if (!(await runs())) throw new PipelineStoppedError();
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
}
