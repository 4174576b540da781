import type { ClientBase } from 'pg';

export type ChangedRows = {
  /** Silver rows that were written or deleted by the runs which worked any of the changes in. */
  readonly changedRows: number;
  /** Other changes that these runs have worked in at once: the rows are theirs as well. */
  readonly otherChanges: number;
};

export async function sumChangedRows(client: ClientBase, changeIds: readonly string[]): Promise<ChangedRows> {
  const { rows } = await client.query<ChangedRows>(
    `with ours as (
       select id, change_ids, changed_rows from ops.run where change_ids && $1::bigint[] and changed_rows > 0
     )
     select (select coalesce(sum(changed_rows), 0)::float8 from ours) as "changedRows",
            (select count(distinct other)::int from ours cross join unnest(change_ids) other
              where other <> all($1::bigint[])) as "otherChanges"`,
    [changeIds],
  );
  return rows[0] as ChangedRows;
}

/** Changes that silver does not know yet: what `sumChangedRows` takes, once it does. */
export async function readPendingChanges(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    'select distinct change_id as id from ops.invalidation',
  );
  return rows.map(({ id }) => id);
}
