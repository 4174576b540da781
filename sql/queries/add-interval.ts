import type { ClientBase } from 'pg';

/** Makes the silver table of an interval and lists it; false if it is there already. Only under lockAllSymbols. */
export async function addInterval(client: ClientBase, days: number): Promise<boolean> {
  const { rowCount } = await client.query('select from ops.interval where days = $1', [days]);
  if (rowCount === 1) return false;
  await client.query('select ops.add_interval($1)', [days]);
  return true;
}
