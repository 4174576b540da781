import type { ClientBase } from 'pg';
import { silverColumns, silverTable } from './silver-table.ts';

export type Merged = {
  /** Bars written: one a symbol, if all was as expected. */
  readonly rows: number;
  /** Earliest start_date written. */
  readonly from: string | null;
};

/**
 * Merges the newest bar of each symbol into its last group of every interval: the fast path of a night.
 *
 * Invariant: with o the ordinal of that bar, the last group of N holds o % N bars before it, or is new when o % N = 0.
 * The guards on `end_date` and `bar_count` make a second merge of the same bar, or one onto a silver that is
 * not as the state says, write fewer rows than there are symbols: the caller then takes the general path.
 *
 * The symbols must be locked, and their `open_start` known. Bars are returned per interval, in the order given.
 */
export async function mergeAppended(
  client: ClientBase,
  symbols: readonly string[],
  intervals: readonly number[],
): Promise<Merged[]> {
  const merges = intervals.map((days, index) => {
    const table = silverTable(days);
    const start = `bar.open_start[${index + 1}]`;
    return `grown_${days} as (
       update ${table} silver
          set end_date = bar.date, high = greatest(silver.high, bar.high), low = least(silver.low, bar.low),
              close = bar.close, volume = silver.volume + bar.volume, bar_count = silver.bar_count + 1
         from bar
        where bar.ordinal % ${days} > 0
          and silver.symbol = bar.symbol and silver.start_date = ${start}
          and silver.end_date < bar.date and silver.bar_count = bar.ordinal % ${days}
       returning silver.start_date
     ), begun_${days} as (
       insert into ${table} (${silverColumns})
       select symbol, date, date, open, high, low, close, volume, 1
         from bar
        where ordinal % ${days} = 0 and ${start} = date
       on conflict (symbol, start_date) do nothing
       returning start_date
     )`;
  });
  const counts = intervals.map(
    (days) => `select ${days} as days, count(*)::int as rows, min(start_date) as "from"
       from (select start_date from grown_${days} union all select start_date from begun_${days}) written`,
  );
  const { rows } = await client.query<Merged & { days: number }>({
    name: `merge-appended-${intervals.join('-')}`,
    text: `with bar as materialized (
       select state.symbol, state.base_ordinal + state.bar_count - 1 as ordinal, state.open_start,
              bronze.date, bronze.open, bronze.high, bronze.low, bronze.close, bronze.volume
         from unnest($1::text[]) as wanted (symbol)
         join ops.symbol state on state.symbol = wanted.symbol
         join public.raw_ohlcv bronze on bronze.symbol = state.symbol and bronze.date = state.last_date
     ), ${merges.join(', ')}
     ${counts.join(' union all ')}`,
    values: [symbols],
  });
  return intervals.map((days) => rows.find((row) => row.days === days) ?? { rows: 0, from: null });
}
