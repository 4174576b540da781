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
     ), counted as (
       select wanted.symbol, count(dropped.symbol)::int as bars
         from unnest($1::text[]) as wanted (symbol) left join dropped on dropped.symbol = wanted.symbol
        group by wanted.symbol
     )
     update ops.symbol state
        set retained_from = $2,
            base_ordinal = base_ordinal + counted.bars,
            bar_count = bar_count - counted.bars,
            first_date = (select min(date) from public.raw_ohlcv bar where bar.symbol = state.symbol and bar.date >= $2),
            last_date = case when last_date >= $2 then last_date end,
            open_start = case when $2 <= all(open_start) then open_start end
       from counted
      where state.symbol = counted.symbol
     returning state.symbol, counted.bars`,
    [symbols, before],
  );
  return rows;
}
