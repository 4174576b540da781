import type { ClientBase } from 'pg';

/** Stores the id that Batch gave the job; the first one stays. */
export async function storeBatchJob(client: ClientBase, jobId: string, batchJobId: string): Promise<void> {
  await client.query(
    `update ops.job set batch_job_id = $2, submitted_at = clock_timestamp()
     where id = $1 and batch_job_id is null`,
    [jobId, batchJobId],
  );
}
