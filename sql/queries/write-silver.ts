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

/** Deletes the bars of one interval that start in the ranges, both ends included. Returns how many went. */
export async function deleteSilver(
  client: ClientBase,
  days: number,
  ranges: readonly { symbol: string; from: string; through: string }[],
): Promise<number> {
  const { rowCount } = await client.query(
    `delete from ${silverTable(days)} silver
      using unnest($1::text[], $2::date[], $3::date[]) as range (symbol, from_date, through_date)
      where silver.symbol = range.symbol
        and silver.start_date between range.from_date and range.through_date`,
    [
      ranges.map((range) => range.symbol),
      ranges.map((range) => range.from),
      ranges.map((range) => range.through),
    ],
  );
  return rowCount ?? 0;
}

/** Inserts bars of one interval, or sets those that are there already to the given values. */
export async function upsertSilver(
  client: ClientBase,
  days: number,
  bars: readonly SilverRow[],
): Promise<number> {
  const { rowCount } = await client.query(
    `insert into ${silverTable(days)} (${silverColumns})
     select * from unnest($1::text[], $2::date[], $3::date[], $4::numeric[], $5::numeric[], $6::numeric[],
                          $7::numeric[], $8::numeric[], $9::int[])
     on conflict (symbol, start_date) do update set
       end_date = excluded.end_date, open = excluded.open, high = excluded.high, low = excluded.low,
       close = excluded.close, volume = excluded.volume, bar_count = excluded.bar_count`,
    [
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
  );
  return rowCount ?? 0;
}
