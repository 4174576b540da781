import type { Client } from '../database.ts';

/** The claimed work of one Batch job. */
export type StartedJob = {
  readonly id: string;
  /** Days of each interval to compute, ascending. */
  readonly intervals: number[];
  /** Ascending in byte order; shard i of n takes the positions p with floor(p * n / symbols.length) = i. */
  readonly symbols: string[];
  readonly shards: number;
  readonly finishedShards: number[];
  readonly correlationId: string;
  readonly causationId: string;
  readonly batchJobId: string | null;
  /** Attempts and shards after the first see the instant of the first. */
  readonly startedAt: Date;
};

/**
 * Marks the job as started, which ends the coalescing of events into it, and returns its work; undefined when its
 * claim was given up or is done, and there is nothing to do. Repeated attempts and the other shards change nothing.
 *
 * Call it outside a transaction and before the first read of invalidations: what is visible in the snapshot that it
 * stores is promised to be seen by this job, and its lock holds up claims until the commit.
 */
export async function startJob(client: Client, jobId: string): Promise<StartedJob | undefined> {
  const { rows } = await client.query<StartedJob>(
    `update ops.job
     set started_at = coalesce(started_at, clock_timestamp()),
         started_snapshot = coalesce(started_snapshot, pg_current_snapshot())
     where id = $1 and finished_at is null
     returning id, intervals, symbols, shards, finished_shards as "finishedShards",
       correlation_id as "correlationId", causation_id as "causationId",
       batch_job_id as "batchJobId", started_at as "startedAt"`,
    [jobId],
  );
  return rows[0];
}
