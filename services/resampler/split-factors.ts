/**
 * By which factor a bar is adjusted: the exact ratio over all splits whose ex-date is after the bar's date.
 *
 *     splits            1 → 7          1 → 4
 *     bars     ……………………………|……………………………|……………………………
 *     price ×      1/28          1/4          1
 *     volume ×      28            4           1
 *
 * The rounding stands in ops.adjust, in sql/migrations.
 */
import type { Split } from '../../sql/queries/read-splits.ts';
import { fromDays, toDays } from './trading-date.ts';

/** Days over which one factor holds, both ends included. */
export type FactorPeriod = {
  readonly from: string;
  readonly through: string;
  /** Of the factor of prices, decimal text; null: as traded. Volumes take the inverse. */
  readonly numerator: string | null;
  readonly denominator: string | null;
};

const asTraded = { numerator: null, denominator: null };

/** @param splits of one symbol, by date. Returns periods that cover all days, in order. */
export function factorPeriods(
  splits: readonly Pick<Split, 'exDate' | 'splitFrom' | 'splitTo'>[],
): FactorPeriod[] {
  const periods: FactorPeriod[] = [];
  let through = 'infinity';
  let factor: Pick<FactorPeriod, 'numerator' | 'denominator'> = asTraded;
  for (const { exDate, splitFrom, splitTo } of splits.toReversed()) {
    periods.push({ from: exDate, through, ...factor });
    through = fromDays(toDays(exDate) - 1);
    factor = {
      numerator: multiply(factor.numerator ?? '1', splitFrom),
      denominator: multiply(factor.denominator ?? '1', splitTo),
    };
  }
  periods.push({ from: '-infinity', through, ...factor });
  return periods.toReversed();
}

/** The parts of a range of days, each with its factor. */
export function adjustedRanges<Range extends { readonly from: string; readonly through: string }>(
  range: Range,
  splits: readonly Split[],
): (Range & Pick<FactorPeriod, 'numerator' | 'denominator'>)[] {
  if (splits.length === 0) return [{ ...range, ...asTraded }];
  return factorPeriods(splits).flatMap((period) => {
    const from = later(range.from, period.from);
    const through = earlier(range.through, period.through);
    if (compareDays(from, through) > 0) return [];
    return [{ ...range, from, through, numerator: period.numerator, denominator: period.denominator }];
  });
}

/** Exact product of two decimals. */
export function multiply(a: string, b: string): string {
  const [left, right] = [parse(a), parse(b)];
  const decimals = left.decimals + right.decimals;
  const digits = (left.units * right.units).toString().padStart(decimals + 1, '0');
  if (decimals === 0) return digits;
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

function parse(text: string): { units: bigint; decimals: number } {
  const [whole = '', fraction = ''] = text.split('.');
  return { units: BigInt(`${whole}${fraction}`), decimals: fraction.length };
}

function compareDays(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '-infinity' || b === 'infinity') return -1;
  if (a === 'infinity' || b === '-infinity') return 1;
  return a < b ? -1 : 1;
}

function later(a: string, b: string): string {
  return compareDays(a, b) >= 0 ? a : b;
}

function earlier(a: string, b: string): string {
  return compareDays(a, b) <= 0 ? a : b;
}
