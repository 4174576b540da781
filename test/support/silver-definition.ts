import { expect } from 'vitest';
import type { Database } from '../../services/shared/database.ts';

/**
 * The definition of Fibonacci bars in SQL, one interval after another: slow, plain, and sharing nothing with the resampler.
 * Returns the rows in which silver differs from it, `stored` or `expected` by `side`.
 */
export async function silverDifferences(db: Pick<Database, 'query'>): Promise<object[]> {
  const intervals = await db.query<{ days: number }>('select days from ops.interval order by days');
  const differences: object[] = [];
  for (const { days } of intervals) {
    const rows = await db.query(
      `with numbered as (
         select bar.*, coalesce(state.base_ordinal, 0)
                  + row_number() over (partition by bar.symbol order by bar.date) - 1 as ordinal,
                coalesce(state.base_ordinal, 0) as base
           from public.raw_ohlcv bar left join ops.symbol state using (symbol)
       ), expected as (
         select symbol, min(date) as start_date, max(date) as end_date,
                (array_agg(open order by date))[1] as open, max(high) as high, min(low) as low,
                (array_agg(close order by date desc))[1] as close, sum(volume) as volume,
                count(*)::int as bar_count
           from numbered
          where ordinal / ${days} * ${days} >= base
          group by symbol, ordinal / ${days}
       ), stored as (
         select symbol, start_date, end_date, open, high, low, close, volume, bar_count from public.silver_${days}d
       )
       select ${days} as days, 'stored' as side, * from (table stored except all table expected) a
       union all
       select ${days}, 'expected', * from (table expected except all table stored) b`,
    );
    differences.push(...rows);
  }
  return differences;
}

export async function expectSilverIsRight(db: Pick<Database, 'query'>): Promise<void> {
  expect(await silverDifferences(db)).toEqual([]);
}
