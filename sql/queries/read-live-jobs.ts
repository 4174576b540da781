import type { ClientBase } from 'pg';

export type LiveJob = {
  readonly id: string;
  readonly name: string;
  readonly batchJobId: string | null;
  readonly correlationId: string;
};

/** Unfinished jobs whose claim or submission is at least this old, oldest first. */
export async function readLiveJobs(client: ClientBase, minimumAgeMs: number): Promise<LiveJob[]> {
  const { rows } = await client.query<LiveJob>(
    `select id, name, batch_job_id as "batchJobId", correlation_id as "correlationId" from ops.job
     where finished_at is null
       and coalesce(submitted_at, claimed_at) <= clock_timestamp() - $1 * interval '1 millisecond'
     order by claimed_at`,
    [minimumAgeMs],
  );
  return rows;
}
