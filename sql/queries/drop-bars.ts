import type { ClientBase } from 'pg';

export type Dropped = { readonly symbol: string; readonly bars: number };

/**
 * Drops the bars of the symbols from before a day, for good, and brings their state after it: the count goes on where it was,
 * and no bar from before that day is taken in again. The symbols must be locked, and the planner set by `planByIndex`.
 * Returns every symbol, with the number of its bars that went.
 */
export async function dropBars(
  client: ClientBase,
  before: string,
  symbols: readonly string[],
): Promise<Dropped[]> {
  const { rows } = await client.query<Dropped>(
    `with dropped as (
       delete from public.raw_ohlcv where symbol = any($1::text[]) and date < $2
       returning symbol
     ), counted as materialized (
       select symbol, count(*)::int as bars from dropped group by symbol
     ), wanted as (
       select symbol, coalesce(bars, 0) as bars from unnest($1::text[]) as symbol left join counted using (symbol)
     )
     update ops.symbol state
        set retained_from = $2,
            base_ordinal = base_ordinal + wanted.bars,
            bar_count = bar_count - wanted.bars,
            first_date = (select min(date) from public.raw_ohlcv bar where bar.symbol = state.symbol and bar.date >= $2),
            last_date = case when last_date >= $2 then last_date end,
            open_start = case when $2 <= all(open_start) then open_start end
       from wanted
      where state.symbol = wanted.symbol
     returning state.symbol, wanted.bars`,
    [symbols, before],
  );
  return rows;
}
