import { newEvent } from '../../events/new-event.ts';
import { failJob } from '../../sql/queries/fail-job.ts';
import type { Client, Database } from '../shared/database.ts';
import type { Logger } from '../shared/logger.ts';
import { writeOutbox } from '../shared/outbox.ts';

export type JobFailure = {
  /** If given, a job that is stored under another id of Batch is left alone. */
  readonly batchJobId?: string | undefined;
  readonly reason: string;
  /** Attempts that Batch made. */
  readonly attempts: number;
  /** Whether there was a job for Batch to run, and so something to tell of: true by default. */
  readonly wasJob?: boolean;
};

/**
 * Fails a job that will not end by itself, and tells of it. What it was to work in stays pending, and is no longer covered.
 * Returns false if the job is finished already.
 */
export async function giveUpJob(
  deps: { readonly db: Database; readonly logger: Logger },
  jobId: string,
  { batchJobId, reason, attempts, wasJob = true }: JobFailure,
): Promise<boolean> {
  return await deps.db.transaction(
    async (client) => {
      const job = await failJob(client, jobId, { failure: reason, ...(batchJobId && { batchJobId }) });
      if (!job) return false;
      const about = { jobId, batchJobId: job.batchJobId, correlationId: job.correlationId, reason };
      if (!wasJob) {
        // Nothing failed: whoever claimed was stopped before there was a job, and the next claim covers the same.
        deps.logger.info(about, 'Claim given up: its invalidations stay pending');
        return true;
      }
      deps.logger.error(about, 'Job given up: its invalidations stay pending');
      await writeOutbox(client, [
        newEvent('ResampleFailed', {
          data: {
            jobId,
            batchJobId: job.batchJobId,
            intervals: job.intervals,
            symbolCount: job.symbolCount,
            attempts,
            reason,
          },
          cause: await causeOf(client, job.causationId),
          correlationId: job.correlationId,
          causationId: job.causationId,
          producer: 'dispatcher',
          idempotencyKey: `resample-failed:${jobId}`,
        }),
      ]);
      return true;
    },
    // Repeated, it finds the job finished.
    { committed: async () => false },
  );
}

type Cause = 'live' | 'backfill' | 'correction' | 'split' | 'replay';

async function causeOf(client: Client, eventId: string): Promise<Cause> {
  const { rows } = await client.query<{ cause: Cause }>('select cause from ops.change where event_id = $1', [
    eventId,
  ]);
  return rows[0]?.cause ?? 'live';
}
