import type { ClientBase } from 'pg';

/**
 * Sets what ops.symbol says of the first and the last bar to what bronze has, for those of the symbols where it differs: bars that
 * somebody wrote or removed with psql. Their bars are counted anew. The symbols must be locked.
 */
export async function restoreState(client: ClientBase, symbols: readonly string[]): Promise<void> {
  await client.query(
    `update ops.symbol state
        set first_date = found.first_date, last_date = found.last_date, open_start = null,
            bar_count = (select count(*) from public.raw_ohlcv bar where bar.symbol = state.symbol)
       from (
         select known.symbol,
                (select min(date) from public.raw_ohlcv bar where bar.symbol = known.symbol) as first_date,
                (select max(date) from public.raw_ohlcv bar where bar.symbol = known.symbol) as last_date
           from ops.symbol known
          where known.symbol = any($1::text[])
       ) found
      where state.symbol = found.symbol
        and (state.first_date, state.last_date) is distinct from (found.first_date, found.last_date)`,
    [symbols],
  );
}
