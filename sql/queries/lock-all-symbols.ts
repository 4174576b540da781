import type { ClientBase } from 'pg';
import { lockSymbols, type SymbolState } from './lock-symbols.ts';

/**
 * Locks every symbol there is, and keeps new ones from being made, until the transaction ends. It must be the first statement
 * of the transaction.
 *
 * EXCLUSIVE, since it waits for those too that have locked rows but not yet updated them: with less, they would wait for this
 * transaction, and this one for their rows. Whoever only reads waits for nobody.
 */
export async function lockAllSymbols(client: ClientBase): Promise<SymbolState[]> {
  await client.query('lock table ops.symbol in exclusive mode');
  const { rows } = await client.query<{ symbol: string }>('select symbol from ops.symbol');
  return await lockSymbols(
    client,
    rows.map((row) => row.symbol),
  );
}
