import type { ClientBase } from 'pg';

/** Whether the chunk's transaction committed. */
export async function runExists(client: ClientBase, id: string): Promise<boolean> {
  const { rowCount } = await client.query('select from ops.run where id = $1', [id]);
  return rowCount === 1;
}
