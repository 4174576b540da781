import type { ClientBase } from 'pg';

export type Run = {
  readonly id: string;
  readonly jobId: string | null;
  readonly symbols: readonly string[];
  readonly changeIds: readonly string[];
  readonly changedRows: number;
};

export async function insertRun(client: ClientBase, run: Run): Promise<void> {
  await client.query(
    'insert into ops.run (id, job_id, symbols, change_ids, changed_rows) values ($1, $2, $3, $4, $5)',
    [run.id, run.jobId, run.symbols, run.changeIds, run.changedRows],
  );
}

/** Whether the chunk's transaction committed. */
export async function runExists(client: ClientBase, id: string): Promise<boolean> {
  const { rowCount } = await client.query('select from ops.run where id = $1', [id]);
  return rowCount === 1;
}
