import type { ClientBase } from 'pg';
import { silverColumns, silverTable } from './silver-table.ts';

export type SilverRow = {
  readonly symbol: string;
  readonly startDate: string;
  readonly endDate: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly barCount: number;
};

/** Bars that start from `from` through `through`. */
export type SilverRange = { readonly symbol: string; readonly from: string; readonly through: string };

/** What to write of the bars of one interval: no bar is in both. */
export type SilverChange = {
  readonly days: number;
  readonly gone: readonly SilverRange[];
  /** To insert, or to set to these values where they are there already. */
  readonly bars: readonly SilverRow[];
};

/** Writes what changed in all intervals in one statement, for the round trips are what a small change costs. */
export async function writeSilver(client: ClientBase, changes: readonly SilverChange[]): Promise<void> {
  const gone = changes.flatMap(({ days, gone: ranges }) => ranges.map((range) => ({ days, ...range })));
  const bars = changes.flatMap(({ days, bars: some }) => some.map((bar) => ({ days, ...bar })));
  const writes = changes.map(
    ({ days }) => `deleted_${days} as (
         delete from ${silverTable(days)} silver using gone
          where gone.days = ${days} and silver.symbol = gone.symbol
            and silver.start_date >= gone.from_date and silver.start_date <= gone.through_date
       ), written_${days} as (
         insert into ${silverTable(days)} (${silverColumns})
         select ${silverColumns} from bar where days = ${days}
         on conflict (symbol, start_date) do update set
           end_date = excluded.end_date, open = excluded.open, high = excluded.high, low = excluded.low,
           close = excluded.close, volume = excluded.volume, bar_count = excluded.bar_count
       )`,
  );
  await client.query({
    name: `write-silver-${changes.map(({ days }) => days).join('-')}`,
    text: `
      with gone as materialized (
         select * from unnest($1::int[], $2::text[], $3::date[], $4::date[])
           as range (days, symbol, from_date, through_date)
       ), bar as materialized (
         select * from unnest($5::int[], $6::text[], $7::date[], $8::date[], $9::numeric[], $10::numeric[],
                              $11::numeric[], $12::numeric[], $13::numeric[], $14::int[]) as bar (days, ${silverColumns})
       ), ${writes.join(', ')}
      select`,
    values: [
      gone.map((range) => range.days),
      gone.map((range) => range.symbol),
      gone.map((range) => range.from),
      gone.map((range) => range.through),
      bars.map((bar) => bar.days),
      bars.map((bar) => bar.symbol),
      bars.map((bar) => bar.startDate),
      bars.map((bar) => bar.endDate),
      bars.map((bar) => bar.open),
      bars.map((bar) => bar.high),
      bars.map((bar) => bar.low),
      bars.map((bar) => bar.close),
      bars.map((bar) => bar.volume),
      bars.map((bar) => bar.barCount),
    ],
  });
}
