import type { ClientBase } from 'pg';

export type FailedJob = {
  readonly id: string;
  readonly batchJobId: string | null;
  readonly intervals: number[];
  readonly symbolCount: number;
  readonly correlationId: string;
  readonly causationId: string;
};

/**
 * Gives an unfinished job up, so that its invalidations are uncovered; undefined if it is finished already.
 * @param batchJobId if given, a job that is stored under another id of Batch is left alone
 */
export async function failJob(
  client: ClientBase,
  jobId: string,
  { failure, batchJobId = null }: { failure: string; batchJobId?: string | null },
): Promise<FailedJob | undefined> {
  const { rows } = await client.query<FailedJob>(
    `update ops.job
     set finished_at = clock_timestamp(), outcome = 'failed', failure = $2,
         batch_job_id = coalesce(batch_job_id, $3)
     where id = $1 and finished_at is null and ($3::text is null or coalesce(batch_job_id, $3) = $3)
     returning id, batch_job_id as "batchJobId", intervals, cardinality(symbols) as "symbolCount",
       correlation_id as "correlationId", causation_id as "causationId"`,
    [jobId, failure, batchJobId],
  );
  return rows[0];
}
