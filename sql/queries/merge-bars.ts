import type { ClientBase } from 'pg';
import type { BarColumns } from './insert-bars.ts';

export type Merged = { readonly symbol: string; readonly change: 'inserted' | 'corrected' };

/**
 * Brings one day's stored bars to the delivered values and returns what changed; equal by value (1.5 = 1.50) is no change.
 * The symbols must be locked, and the planner set by `planByIndex`.
 */
export async function mergeBars(client: ClientBase, tradingDay: string, bars: BarColumns): Promise<Merged[]> {
  const { rows } = await client.query<Merged>(
    `with compared as (
       select bar.*, stored.symbol is null as absent
         from unnest($2::text[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[], $7::numeric[])
           as bar (symbol, open, high, low, close, volume)
         left join public.raw_ohlcv stored on stored.symbol = bar.symbol and stored.date = $1
        where (stored.open, stored.high, stored.low, stored.close, stored.volume)
              is distinct from (bar.open, bar.high, bar.low, bar.close, bar.volume)
     ), inserted as (
       insert into public.raw_ohlcv (symbol, date, open, high, low, close, volume)
       select symbol, $1, open, high, low, close, volume from compared where absent
       returning symbol
     ), corrected as (
       update public.raw_ohlcv stored
          set open = bar.open, high = bar.high, low = bar.low, close = bar.close, volume = bar.volume
         from compared bar
        where not bar.absent and stored.symbol = bar.symbol and stored.date = $1
       returning stored.symbol
     )
     select symbol, 'inserted' as change from inserted
     union all
     select symbol, 'corrected' from corrected`,
    [tradingDay, bars.symbols, bars.open, bars.high, bars.low, bars.close, bars.volume],
  );
  return rows;
}
