import type { ClientBase } from 'pg';

/** Whether the transaction that wrote that change has committed. */
export async function isChangeStored(client: ClientBase, eventId: string): Promise<boolean> {
  const { rowCount } = await client.query('select from ops.change where event_id = $1', [eventId]);
  return rowCount === 1;
}
