import type { ClientBase } from 'pg';

/** The database's clock, as text for `sumRecentRows`. */
export async function readClock(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ now: string }>('select clock_timestamp()::text as now');
  return (rows[0] as { now: string }).now;
}

/** Silver rows that were written or deleted by runs which began after an instant. */
export async function sumRecentRows(client: ClientBase, since: string): Promise<number> {
  const { rows } = await client.query<{ rows: number }>(
    'select coalesce(sum(changed_rows), 0)::float8 as rows from ops.run where committed_at >= $1::timestamptz',
    [since],
  );
  return rows[0]?.rows ?? 0;
}
