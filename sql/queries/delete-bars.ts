import type { ClientBase } from 'pg';

/** Deletes the bars of one day and brings the symbols' state after it. The symbols must be locked. Returns those that had a bar. */
export async function deleteBars(
  client: ClientBase,
  tradingDay: string,
  symbols: readonly string[],
): Promise<string[]> {
  const { rows } = await client.query<{ symbol: string }>(
    `delete from public.raw_ohlcv
      where symbol = any($1::text[]) and date = $2
      returning symbol`,
    [symbols, tradingDay],
  );
  const deleted = rows.map((row) => row.symbol);
  // A statement of its own: it must see that the bars are gone.
  await client.query(
    `update ops.symbol state
        set bar_count = bar_count - 1,
            first_date = (select min(date) from public.raw_ohlcv bar where bar.symbol = state.symbol),
            last_date = (select max(date) from public.raw_ohlcv bar where bar.symbol = state.symbol),
            open_start = null
      where symbol = any($1::text[])`,
    [deleted],
  );
  return deleted;
}
