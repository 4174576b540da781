/**
 * The definition of a group.
 *
 * Invariant: a bar with ordinal o belongs to group floor(o / N) of each N. The ordinal counts the symbol's bars
 * from its first, whatever the calendar says.
 *
 *     ordinal   0   1   2   3   4   5   6   7
 *     N = 3    |----------||----------||------   forming, 2 of 3
 *     N = 5    |------------------||----------   forming, 3 of 5
 *
 * Open, close and dates are forwarded as the bytes that came; high and low are compared, volume is added, exactly.
 */
import { type Bars, floatOf, floatsPerBar, intOf, intsPerBar } from './bars.ts';
import { compareNumeric, NumericSum } from './numeric.ts';
import { RowBuffer } from './row-buffer.ts';

/** What to fold of one symbol, from the first bar that is read of it. */
export type FoldRange = {
  readonly symbol: string;
  /** Ordinal of the first bar that is read. */
  readonly ordinal: number;
  /** Per interval, the ordinal that the first wanted group starts at; Infinity: none wanted. */
  readonly firstOrdinals: readonly number[];
  /** Days since 2000-01-01: no group that starts later is wanted. */
  readonly through: number;
};

export type FoldedSymbol = {
  /** Ordinal after the last bar read. */
  readonly nextOrdinal: number;
  /** Date of the last bar read, in days since 2000-01-01; undefined: no bar was read. */
  readonly lastDate: number | undefined;
  /** Per interval, the start of the last group, in days since 2000-01-01. */
  readonly lastStarts: readonly (number | undefined)[];
};

export type Folded = {
  /** One per range, in its order. */
  readonly symbols: readonly FoldedSymbol[];
  /** Per interval, the groups as silver rows, in the order of the ranges, then by date. */
  readonly rows: readonly Uint8Array[];
};

/**
 * Folds the bars of each symbol.
 * @param bars those of `ranges[p].symbol` at position p.
 * @param intervals in days, ascending.
 * @yields after each symbol, so that whoever folds much can do other work in between.
 */
export function* fold(
  bars: Bars,
  ranges: readonly FoldRange[],
  intervals: readonly number[],
): Generator<void, Folded> {
  const { order, starts } = bars.bySymbol();
  const rows = intervals.map((days) => new RowBuffer(Math.ceil(bars.count / days) + ranges.length));
  const symbols: FoldedSymbol[] = [];
  for (const [position, range] of ranges.entries()) {
    const series = order.subarray(starts[position], starts[position + 1]);
    assertOneBarADay(bars, series);
    const last = series.at(-1);
    symbols.push({
      nextOrdinal: range.ordinal + series.length,
      lastDate: last === undefined ? undefined : bars.dateOf(last),
      // All intervals of a symbol before the next symbol: its bars are then still in the processor's cache.
      lastStarts: intervals.map((_, index) =>
        foldSeries(bars, series, range, intervals, index, rows[index] as RowBuffer),
      ),
    });
    yield;
  }
  return { symbols, rows: rows.map((each) => each.rows) };
}

/** Appends the groups of one symbol and one interval, and returns the start of the last. */
function foldSeries(
  bars: Bars,
  series: Int32Array,
  range: FoldRange,
  intervals: readonly number[],
  index: number,
  rows: RowBuffer,
): number | undefined {
  const days = intervals[index] as number;
  rows.setSymbol(range.symbol);
  let lastStart: number | undefined;
  let first = Math.max(0, (range.firstOrdinals[index] ?? Infinity) - range.ordinal);
  while (first < series.length) {
    const next = Math.min(series.length, first + days - ((range.ordinal + first) % days));
    lastStart = bars.dateOf(series[first] as number);
    if (lastStart <= range.through) writeGroup(bars, series, first, next, rows);
    first = next;
  }
  return lastStart;
}

const sum = new NumericSum();

/** Appends the bars of a series from `first` to before `next` as one row. */
function writeGroup(bars: Bars, series: Int32Array, first: number, next: number, rows: RowBuffer): void {
  const { ints, floats, bytes } = bars;
  const firstBar = series[first] as number;
  const lastBar = series[next - 1] as number;
  let high = firstBar;
  let low = firstBar;
  sum.reset();
  for (let place = first; place < next; place++) {
    const bar = series[place] as number;
    if (isGreater(bars, bar, high, floatOf.highKey, intOf.highAt)) high = bar;
    if (isGreater(bars, low, bar, floatOf.lowKey, intOf.lowAt)) low = bar;
    const volume = bar * floatsPerBar + floatOf.volume;
    const scale = ints[bar * intsPerBar + intOf.volumeScale] as number;
    if (!sum.addParts(floats[volume] as number, floats[volume + 1] as number, scale)) {
      sum.add(bytes, ints[bar * intsPerBar + intOf.volumeAt] as number);
    }
  }
  rows.begin(bars.dateOf(firstBar), bars.dateOf(lastBar));
  rows.putNumeric(bytes, ints[firstBar * intsPerBar + intOf.openAt] as number);
  rows.putNumeric(bytes, ints[high * intsPerBar + intOf.highAt] as number);
  rows.putNumeric(bytes, ints[low * intsPerBar + intOf.lowAt] as number);
  rows.putNumeric(bytes, ints[lastBar * intsPerBar + intOf.closeAt] as number);
  rows.putSum(sum);
  rows.end(next - first);
}

function assertOneBarADay(bars: Bars, series: Int32Array): void {
  for (let place = 1; place < series.length; place++) {
    const day = bars.dateOf(series[place] as number);
    if (day === bars.dateOf(series[place - 1] as number)) throw new RangeError(`two bars of day ${day}`);
  }
}

/** Whether the value of bar `a` is greater than that of `b`: by the keys where both are exact, by the digits otherwise. */
function isGreater(bars: Bars, a: number, b: number, key: number, place: number): boolean {
  const aKey = bars.floats[a * floatsPerBar + key] as number;
  const bKey = bars.floats[b * floatsPerBar + key] as number;
  if (aKey > bKey) return true;
  if (aKey <= bKey) return false;
  const { ints, bytes } = bars;
  const [aAt, bAt] = [ints[a * intsPerBar + place] as number, ints[b * intsPerBar + place] as number];
  return compareNumeric(bytes, aAt, bytes, bAt) > 0;
}
