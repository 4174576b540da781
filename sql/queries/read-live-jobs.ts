import type { ClientBase } from 'pg';

export type LiveJob = {
  readonly id: string;
  readonly name: string;
  readonly batchJobId: string | null;
  readonly correlationId: string;
  /** Since it was submitted, or since a job was at work last, if that was later; null: it has started, or another is at work. */
  readonly waitedSeconds: number | null;
};

/** Unfinished jobs whose claim or submission is at least this old, oldest first. */
export async function readLiveJobs(client: ClientBase, minimumAgeMs: number): Promise<LiveJob[]> {
  const { rows } = await client.query<LiveJob>(
    `select id, name, batch_job_id as "batchJobId", correlation_id as "correlationId",
       case when started_at is null and not exists (
         select from ops.job where finished_at is null and started_at is not null
       ) then extract(epoch from clock_timestamp() - greatest(submitted_at, (
         select max(finished_at) from ops.job where started_at is not null
       )))::float8 end as "waitedSeconds"
     from ops.job
     where finished_at is null
       and coalesce(submitted_at, claimed_at) <= clock_timestamp() - $1 * interval '1 millisecond'
     order by claimed_at`,
    [minimumAgeMs],
  );
  return rows;
}
