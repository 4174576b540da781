import type { ClientBase } from 'pg';

export type SymbolState = {
  readonly symbol: string;
  readonly source: string;
  readonly deliveredAdjusted: boolean;
  readonly barCount: number;
  /** Ordinal of the first bar kept. */
  readonly baseOrdinal: number;
  readonly retainedFrom: string | null;
  readonly firstDate: string | null;
  readonly lastDate: string | null;
  /** Start of the newest group of each interval, ascending by days; null: unknown. */
  readonly openStart: readonly string[] | null;
};

/**
 * Locks the symbols' rows until the transaction ends and returns them in `collate "C"` order. Symbols without a row are left out.
 * Every writer of bronze, splits or silver calls this first, as a statement of its own: a later statement then
 * sees all that the earlier holders of the lock committed. The order keeps two writers from waiting for each other.
 */
export async function lockSymbols(client: ClientBase, symbols: readonly string[]): Promise<SymbolState[]> {
  const { rows } = await client.query<SymbolState>({
    name: 'lock-symbols',
    text: `select symbol, source, delivered_adjusted as "deliveredAdjusted", bar_count as "barCount",
            base_ordinal as "baseOrdinal", retained_from as "retainedFrom",
            first_date as "firstDate", last_date as "lastDate", open_start as "openStart"
       from ops.symbol
      where symbol = any($1)
      order by symbol
        for update`,
    values: [symbols],
  });
  return rows;
}
