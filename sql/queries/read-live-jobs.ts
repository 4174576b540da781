import type { ClientBase } from 'pg';

export type LiveJob = {
  readonly id: string;
  readonly name: string;
  readonly batchJobId: string | null;
  readonly correlationId: string;
  /** An attempt of it has begun to work, which Batch may have interrupted since. */
  readonly started: boolean;
  /** Since it was submitted, or since any job started or ended, if that was later; null: it is not submitted. */
  readonly quietSeconds: number | null;
};

/** Unfinished jobs whose claim or submission is at least this old, oldest first. */
export async function readLiveJobs(client: ClientBase, minimumAgeMs: number): Promise<LiveJob[]> {
  const { rows } = await client.query<LiveJob>(
    `select id, name, batch_job_id as "batchJobId", correlation_id as "correlationId", started_at is not null as started,
       case when submitted_at is not null then
         extract(epoch from clock_timestamp() - greatest(submitted_at, latest.at))::float8
       end as "quietSeconds"
     from ops.job
     cross join (select max(greatest(started_at, finished_at)) as at from ops.job where started_at is not null) latest
     where finished_at is null
       and coalesce(submitted_at, claimed_at) <= clock_timestamp() - $1 * interval '1 millisecond'
     order by claimed_at`,
    [minimumAgeMs],
  );
  return rows;
}
