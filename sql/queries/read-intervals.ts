import type { ClientBase } from 'pg';

/** The configured intervals in days, ascending. */
export async function readIntervals(client: ClientBase): Promise<number[]> {
  const { rows } = await client.query<{ days: number }>('select days from ops.interval order by days');
  return rows.map((row) => row.days);
}
