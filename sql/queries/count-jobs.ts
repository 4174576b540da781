import type { ClientBase } from 'pg';

/** Jobs claimed since an instant of the database's clock. */
export async function countJobs(
  client: ClientBase,
  since: string,
): Promise<{ submitted: number; succeeded: number; failed: number }> {
  const { rows } = await client.query<{ submitted: number; succeeded: number; failed: number }>(
    `select count(*) filter (where batch_job_id is not null)::int as submitted,
            count(*) filter (where outcome = 'succeeded')::int as succeeded,
            count(*) filter (where outcome = 'failed')::int as failed
       from ops.job where claimed_at >= $1`,
    [since],
  );
  return rows[0] ?? { submitted: 0, succeeded: 0, failed: 0 };
}
