import type { ClientBase } from 'pg';

/** Silver rows that the runs have written or deleted which worked any of the changes in; runs work in other changes as well. */
export async function sumChangedRows(client: ClientBase, changeIds: readonly string[]): Promise<number> {
  const { rows } = await client.query<{ rows: number }>(
    'select coalesce(sum(changed_rows), 0)::float8 as rows from ops.run where change_ids && $1::bigint[]',
    [changeIds],
  );
  return rows[0]?.rows ?? 0;
}
