import type { ClientBase } from 'pg';
import { silverColumns, silverTable } from './silver-table.ts';
import type { SilverRow } from './write-silver.ts';

export type BarsQuery = {
  readonly symbol: string;
  /** Days of the interval; 1: the daily bars. */
  readonly days: number;
  /** Bars that end on or after this day. */
  readonly from?: string | undefined;
  /** Bars that start on or before this day. */
  readonly to?: string | undefined;
  readonly completeOnly?: boolean | undefined;
  /** The last ones, if there are more. */
  readonly limit?: number | undefined;
};

/** Bars of one symbol, oldest first; prices and volume as exact decimal text. */
export async function readBars(client: ClientBase, query: BarsQuery): Promise<SilverRow[]> {
  const source =
    query.days === 1
      ? `(select symbol, date as start_date, date as end_date, open, high, low, close, volume, 1 as bar_count
            from public.raw_ohlcv)`
      : silverTable(query.days);
  const { rows } = await client.query<SilverRow>(
    `select symbol, start_date as "startDate", end_date as "endDate", open, high, low, close, volume,
            bar_count as "barCount"
       from (
         select ${silverColumns} from ${source} bars
          where symbol = $1
            and ($2::date is null or end_date >= $2) and ($3::date is null or start_date <= $3)
            and (not $4 or bar_count = $5)
          order by start_date desc
          limit $6
       ) newest
      order by start_date`,
    [
      query.symbol,
      query.from ?? null,
      query.to ?? null,
      query.completeOnly ?? false,
      query.days,
      query.limit ?? null,
    ],
  );
  return rows;
}
