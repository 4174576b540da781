import { expect } from 'vitest';
import type { Database } from '../../services/shared/database.ts';

/**
 * The definition of Fibonacci bars in SQL, one interval after another: slow, plain, and sharing nothing with the resampler.
 * Returns the rows in which silver differs from it, `stored` or `expected` by `side`.
 */
export async function silverDifferences(db: Pick<Database, 'query'>): Promise<object[]> {
  await db.query(
    `create or replace aggregate public.test_product (numeric) (sfunc = numeric_mul, stype = numeric, initcond = '1')`,
  );
  const intervals = await db.query<{ days: number }>('select days from ops.interval order by days');
  const differences: object[] = [];
  for (const { days } of intervals) {
    const rows = await db.query(
      `with adjusted as (
         select bar.symbol, bar.date, coalesce(state.base_ordinal, 0) as base,
                ${['open', 'high', 'low', 'close'].map((price) => `${rounded(price, 'new', 'old')} as ${price}`).join(', ')},
                ${rounded('volume', 'old', 'new')} as volume
           from public.raw_ohlcv bar
           left join ops.symbol state using (symbol)
          cross join lateral (
            select public.test_product(split_from) as new, public.test_product(split_to) as old, count(*) as splits
              from ops.split
             where split.symbol = bar.symbol and split.ex_date > bar.date
               and not coalesce(state.delivered_adjusted, false)) factor
       ), numbered as (
         select *, base + row_number() over (partition by symbol order by date) - 1 as ordinal from adjusted
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

/** Rounded half up to 8 decimals, by quotient and remainder; by a factor of 1 not at all, and not to 0. */
function rounded(column: string, numerator: string, denominator: string): string {
  const units = `bar.${column} * factor.${numerator} * 100000000`;
  const quotient = `div(${units}, factor.${denominator})`;
  const roundUp = `2 * (${units} - ${quotient} * factor.${denominator}) >= factor.${denominator} or ${quotient} = 0`;
  return `case when factor.new = factor.old or bar.${column} = 0 then bar.${column} else
    (${quotient} + case when ${roundUp} then 1 else 0 end) / 100000000 end`;
}
