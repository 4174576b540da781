import type { ClientBase } from 'pg';

/**
 * Makes the silver table of an interval and lists it; false if it is there already. Of two at once the second waits, and readers
 * of ops.interval wait for nobody.
 */
export async function addInterval(client: ClientBase, days: number): Promise<boolean> {
  await client.query('lock table ops.interval in share row exclusive mode');
  const { rowCount } = await client.query('select from ops.interval where days = $1', [days]);
  if (rowCount === 1) return false;
  await client.query('select ops.add_interval($1)', [days]);
  return true;
}
