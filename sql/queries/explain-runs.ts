import type { ClientBase } from 'pg';

export type ExplainedRun = {
  readonly id: string;
  readonly committedAt: Date;
  /** Silver rows that it wrote or deleted, of all its symbols. */
  readonly changedRows: number;
  readonly changeIds: readonly string[];
  /** null: it ran outside of a job. */
  readonly jobId: string | null;
  readonly batchJobId: string | null;
  readonly jobOutcome: 'succeeded' | 'failed' | null;
};

/** The newest runs that worked any of the changes in for a symbol; of their changes only these. */
export async function explainRuns(
  client: ClientBase,
  symbol: string,
  changeIds: readonly string[],
  limit: number,
): Promise<ExplainedRun[]> {
  const { rows } = await client.query<ExplainedRun>(
    `select run.id, committed_at as "committedAt", changed_rows as "changedRows",
            array(select id::text from unnest(change_ids) as id where id = any($2::bigint[]) order by id) as "changeIds",
            run.job_id as "jobId", job.batch_job_id as "batchJobId", job.outcome as "jobOutcome"
       from ops.run run left join ops.job job on job.id = run.job_id
      where $1 = any(run.symbols) and change_ids && $2::bigint[]
      order by committed_at desc
      limit $3`,
    [symbol, changeIds, limit],
  );
  return rows;
}
