import { expect } from 'vitest';
import { diffRows } from '../../services/resampler/diff.ts';
import { fold } from '../../services/resampler/fold.ts';
import { type Concern, type GroupRange, groupRange } from '../../services/resampler/group-ranges.ts';
import { nextRow, readBar, type SilverBar } from '../../services/resampler/silver-row.ts';
import { adjustedRanges } from '../../services/resampler/split-factors.ts';
import { toDays } from '../../services/resampler/trading-date.ts';
import type { Located } from '../../sql/queries/locate-groups.ts';
import { type BronzeBar, barsOf } from './bar-bytes.ts';
import { groupsOf, type ModelSymbol } from './bronze-model.ts';
import { silverBytes } from './silver-bytes.ts';
import { toEnd } from './to-end.ts';

/** Silver by interval, in key order, as its tables would give it. */
export type Silver = readonly (readonly SilverBar[])[];
export type Work = { readonly symbol: ModelSymbol; readonly concern: Concern };

/** The silver of symbols, in key order, by definition. */
export function silverOf(symbols: ReadonlyMap<string, ModelSymbol>, intervals: readonly number[]): Silver {
  const groups = [...symbols].map(([name, symbol]) => ({ name, groups: groupsOf(symbol, intervals) }));
  return intervals.map((_, index) =>
    groups.flatMap(({ name, groups: all }) => all[index]!.map((bar) => ({ symbol: name, ...bar }))),
  );
}

/**
 * The general path on a model in place of the database: the arithmetic is the resampler's, what PostgreSQL does is done here.
 * Values come back without trailing zeros.
 * @param work in key order.
 */
export function recomputeInMemory(
  silver: Silver,
  work: readonly Work[],
  intervals: readonly number[],
): Silver {
  const longest = Math.max(...intervals);
  const ranges = work.map(({ symbol, concern }) =>
    groupRange(concern, locate(symbol, concern, longest), intervals),
  );
  const bars = barsOf(
    ranges.map((range) => range.symbol),
    ranges.flatMap((range, index) => barsIn(work[index]!.symbol, range)),
  );
  const folded = toEnd(
    fold(
      bars,
      ranges.map((range) => ({
        ...range,
        through: range.startThrough === 'infinity' ? Infinity : toDays(range.startThrough),
      })),
      intervals,
    ),
  );
  return silver.map((rows, index) => {
    const stored = rows.filter((row) =>
      ranges.some(
        (range) =>
          range.symbol === row.symbol && within(row.startDate, range.storedFrom[index]!, range.startThrough),
      ),
    );
    return write(rows, stored, folded.rows[index]!, intervals[index]!);
  });
}

/** What write-diff.ts does to a table. */
function write(
  rows: readonly SilverBar[],
  stored: readonly SilverBar[],
  folded: Uint8Array,
  days: number,
): SilverBar[] {
  const diff = diffRows(silverBytes(stored), folded, days);
  const kept = rows.filter(
    (row) =>
      !diff.gone.some((gone) => gone.symbol === row.symbol && within(row.startDate, gone.from, gone.through)),
  );
  expect(rows.length - kept.length).toBe(diff.goneRows);
  const fresh = rowsOf(folded, diff.fresh);
  expect(fresh).toHaveLength(diff.freshRows);
  const table = new Map(kept.map((row) => [keyOf(row), row]));
  for (const at of [...diff.changed, ...fresh]) {
    const bar = trimmed(readBar(folded, at));
    table.set(keyOf(bar), bar);
  }
  expect(table.size).toBe(kept.length + diff.freshRows);
  return [...table.values()].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** What locate-groups.ts reads from bronze. */
function locate({ history }: ModelSymbol, { fromDate, throughDate }: Concern, longest: number): Located {
  const dates = [...history.keys()].toSorted();
  const before = dates.filter((date) => fromDate !== '-infinity' && date < fromDate);
  const after = dates.filter((date) => throughDate !== null && date > throughDate);
  return {
    barsBefore: before.length,
    datesBefore: before.toReversed().slice(0, longest - 1),
    readThrough: after[longest - 2] ?? null,
  };
}

/** What copy-out.ts sends of bronze: the bars of a range, adjusted by the factors of their days. */
function barsIn({ history, splits = new Map() }: ModelSymbol, range: GroupRange): BronzeBar[] {
  const stored = [...splits]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([exDate, [splitFrom, splitTo]]) => ({ symbol: range.symbol, exDate, splitFrom, splitTo }));
  return adjustedRanges({ from: range.readFrom, through: range.readThrough }, stored).flatMap(
    ({ from, through, numerator, denominator }) => {
      const price = (value: number) => adjusted(value, numerator, denominator);
      return [...history]
        .filter(([date]) => within(date, from, through))
        .map(([date, bar]) => ({
          symbol: range.symbol,
          date,
          open: price(bar.open),
          high: price(bar.high),
          low: price(bar.low),
          close: price(bar.close),
          volume: adjusted(bar.volume, denominator, numerator),
        }));
    },
  );
}

/** What ops.adjust gives for a whole number: rounded once, half up, to 8 decimals, but not to 0, without trailing zeros. */
function adjusted(value: number, numerator: string | null, denominator: string | null): string {
  if (numerator === null || denominator === null) return String(value);
  const [top, bottom] = [scaled(numerator), scaled(denominator)];
  const units = (BigInt(value) * 200_000_000n * top + bottom) / (2n * bottom);
  const digits = (units === 0n && value > 0 ? 1n : units).toString().padStart(9, '0');
  return withoutZeros(`${digits.slice(0, -8)}.${digits.slice(-8)}`);
}

/** Decimal text as an integer count of 10^-24. */
function scaled(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(24, '0'));
}

function trimmed(bar: SilverBar): SilverBar {
  const [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(withoutZeros) as [
    string,
    string,
    string,
    string,
  ];
  return { ...bar, open, high, low, close, volume: withoutZeros(bar.volume) };
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function keyOf({ symbol, startDate }: SilverBar): string {
  return `${symbol} ${startDate}`;
}

function within(date: string, from: string, through: string): boolean {
  return (from === '-infinity' || date >= from) && (through === 'infinity' || date <= through);
}

/** Offsets of the rows in runs that are given as pairs of start and end. */
function rowsOf(bytes: Uint8Array, runs: readonly number[]): number[] {
  const rows: number[] = [];
  for (let run = 0; run < runs.length; run += 2) {
    for (let at = runs[run]!; at < runs[run + 1]!; at = nextRow(bytes, at)) rows.push(at);
  }
  return rows;
}
