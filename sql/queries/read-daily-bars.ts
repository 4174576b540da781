import type { ClientBase } from 'pg';
import type { DailyBar } from './read-group.ts';

export type DailyBarsQuery = {
  readonly symbol: string;
  /** First and last day, both included; no bound if absent. */
  readonly from?: string | undefined;
  readonly through?: string | undefined;
  /** The last ones, if there are more. */
  readonly limit?: number | undefined;
};

/** Days over which one factor holds, both ends included; `-infinity` and `infinity` for no bound. */
export type Adjustment = {
  readonly from: string;
  readonly through: string;
  /** Of the factor of prices, decimal text; null: as traded. Volumes take the inverse. */
  readonly numerator: string | null;
  readonly denominator: string | null;
};

const value = (column: string, numerator: string, denominator: string) =>
  `case when factor.numerator is null then bar.${column}
        else ops.adjust(bar.${column}, factor.${numerator}, factor.${denominator}) end as ${column}`;

/**
 * Daily bars of one symbol, oldest first, adjusted for splits as the resampler reads them.
 * @param adjustments cover all days, and none twice.
 */
export async function readDailyBars(
  client: ClientBase,
  { symbol, from, through, limit }: DailyBarsQuery,
  adjustments: readonly Adjustment[],
): Promise<DailyBar[]> {
  const { rows } = await client.query<DailyBar>(
    `select bar.date, ${['open', 'high', 'low', 'close'].map((price) => value(price, 'numerator', 'denominator')).join(', ')},
            ${value('volume', 'denominator', 'numerator')}
       from (
         select date, open, high, low, close, volume from public.raw_ohlcv
          where symbol = $1 and ($2::date is null or date >= $2) and ($3::date is null or date <= $3)
          order by date desc
          limit $4
       ) bar
       join unnest($5::date[], $6::date[], $7::numeric[], $8::numeric[])
            as factor (from_date, through_date, numerator, denominator)
         on bar.date between factor.from_date and factor.through_date
      order by bar.date`,
    [
      symbol,
      from ?? null,
      through ?? null,
      limit ?? null,
      adjustments.map((each) => each.from),
      adjustments.map((each) => each.through),
      adjustments.map((each) => each.numerator),
      adjustments.map((each) => each.denominator),
    ],
  );
  return rows;
}
