import type { ClientBase } from 'pg';

/** Returns whether there was such a split. The symbol must be locked. */
export async function deleteSplit(client: ClientBase, symbol: string, exDate: string): Promise<boolean> {
  const { rowCount } = await client.query('delete from ops.split where symbol = $1 and ex_date = $2', [
    symbol,
    exDate,
  ]);
  return rowCount === 1;
}
