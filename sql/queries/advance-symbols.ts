import type { ClientBase } from 'pg';
import type { DeliveredSeries } from './lock-delivered-symbols.ts';

/**
 * Locks the symbols' rows, as `lockDeliveredSymbols` does, and brings their state after one bar each of that day, in one go: of those
 * to which the bar can be appended. Returns how many they are: if some are not, the transaction is to be rolled back, so that
 * another one can lock all of them in order. Where the open groups begin is left to the resampler.
 *
 * An update that had to wait judges and changes the row as its holder has left it (READ COMMITTED). The rows are locked in the order
 * of `symbols`, which must be that of `collate "C"`: under `keyOrderPlans` there is no plan that would meet them in another.
 */
export async function advanceSymbols(client: ClientBase, series: DeliveredSeries): Promise<number> {
  const { rowCount } = await client.query({
    name: 'advance-symbols',
    text: `
      update ops.symbol state
         set bar_count = bar_count + 1,
             first_date = coalesce(first_date, $2),
             last_date = $2,
             source = case when bar_count + base_ordinal = 0 then $3 else source end,
             delivered_adjusted = case when bar_count + base_ordinal = 0 then $4 else delivered_adjusted end,
             open_start = null
        from unnest($1::text[]) as delivered (symbol)
       where state.symbol = delivered.symbol
         and (last_date is null or last_date < $2)
         and (retained_from is null or retained_from <= $2)
         and (bar_count + base_ordinal = 0 or (delivered_adjusted = $4 and (not delivered_adjusted or source = $3)))`,
    values: [series.symbols, series.tradingDay, series.source, series.adjusted],
  });
  return rowCount ?? 0;
}
