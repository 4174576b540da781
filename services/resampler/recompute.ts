/**
 * The general path: folds bronze anew over the concerned ranges and compares with what is stored.
 * It reads, and leaves the writing to the caller; so it serves the resampler, and verification, alike.
 */
import { type BarRange, copyBarsOut, copySeriesOut, copySilverOut } from '../../sql/queries/copy-out.ts';
import { locateGroups } from '../../sql/queries/locate-groups.ts';
import { planByIndex, planByTable } from '../../sql/queries/plan-by-index.ts';
import type { Split } from '../../sql/queries/read-splits.ts';
import type { Client } from '../shared/database.ts';
import { Bars } from './bars.ts';
import { copyOut, splitParts } from './copy.ts';
import { type Diff, diffRows } from './diff.ts';
import { type FoldedSymbol, type FoldRange, fold } from './fold.ts';
import { type Concern, type GroupRange, groupRange } from './group-ranges.ts';
import { adjustedRanges } from './split-factors.ts';
import { toDays } from './trading-date.ts';
import { bothDone, inTurns } from './turns.ts';

export type Recomputed = {
  readonly days: number;
  /** The rows as they should be, as binary COPY has them. */
  readonly folded: Uint8Array;
  /** The rows as they are. */
  readonly stored: Uint8Array;
  readonly diff: Diff;
};

export type Recomputation = {
  /** One per interval, ascending. */
  readonly intervals: readonly Recomputed[];
  /** One per concern, in its order. */
  readonly symbols: readonly FoldedSymbol[];
};

const everything = { barsBefore: 0, datesBefore: [], readThrough: null };

/**
 * @param concerns one a symbol, in `collate "C"` order.
 * @param intervals in days, ascending.
 * @param splits of the symbols that have any.
 */
export async function recompute(
  client: Client,
  concerns: readonly Concern[],
  intervals: readonly number[],
  splits: SplitsBySymbol,
): Promise<Recomputation> {
  const ranges = await locate(client, concerns, intervals);
  const bars = new Bars(
    ranges.map((range) => range.symbol),
    concerns.reduce((sum, concern) => sum + (concern.fromDate === '-infinity' ? (concern.bars ?? 0) : 0), 0),
  );
  await readBars(client, ranges, splits, bars);
  // PostgreSQL reads silver while bronze is folded here.
  const [stored, folded] = await bothDone(
    readSilver(client, ranges, intervals),
    inTurns(fold(bars, ranges.map(foldRange), intervals)),
  );
  return {
    symbols: folded.symbols,
    intervals: intervals.map((days, index) => {
      const [rows, storedRows] = [folded.rows[index] as Uint8Array, stored[index] as Uint8Array];
      return { days, folded: rows, stored: storedRows, diff: diffRows(storedRows, rows, days) };
    }),
  };
}

/** The stored rows of each interval, as binary COPY has them. */
async function readSilver(
  client: Client,
  ranges: readonly GroupRange[],
  intervals: readonly number[],
): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  await copyOut(client, copySilverOut(storedRanges(ranges, intervals)), (bytes) => chunks.push(bytes));
  return splitParts(Buffer.concat(chunks), intervals.length);
}

function foldRange({ symbol, ordinal, firstOrdinals, startThrough }: GroupRange): FoldRange {
  return {
    symbol,
    ordinal,
    firstOrdinals,
    through: startThrough === 'infinity' ? Infinity : toDays(startThrough),
  };
}

/** Splits of each symbol, by date. */
export type SplitsBySymbol = ReadonlyMap<string, readonly Split[]>;

export function bySymbol(splits: readonly Split[]): SplitsBySymbol {
  return Map.groupBy(splits, (split) => split.symbol);
}

/** From as many whole series on, reading them in the table's order is worth the two statements that plan it. */
const seriesByTable = 20;

async function readBars(
  client: Client,
  ranges: readonly GroupRange[],
  splits: SplitsBySymbol,
  bars: Bars,
): Promise<void> {
  const whole = ranges.filter(
    ({ symbol, readFrom, readThrough }) =>
      readFrom === '-infinity' && readThrough === 'infinity' && !splits.has(symbol),
  );
  const byTable = whole.length >= seriesByTable;
  if (byTable) {
    await planByTable(client);
    await readInto(client, copySeriesOut(whole.map((range) => range.symbol)), bars);
    await planByIndex(client);
  }
  const rest = byTable ? ranges.filter((range) => !whole.includes(range)) : ranges;
  if (rest.length > 0) await readInto(client, copyBarsOut(barRanges(rest, splits)), bars);
}

async function readInto(client: Client, text: string, bars: Bars): Promise<void> {
  bars.beginCopy();
  await copyOut(client, text, (bytes) => bars.take(bytes));
}

function barRanges(ranges: readonly GroupRange[], splits: SplitsBySymbol): BarRange[] {
  return ranges.flatMap(({ symbol, readFrom, readThrough }) =>
    adjustedRanges({ symbol, from: readFrom, through: readThrough }, splits.get(symbol) ?? []),
  );
}

async function locate(
  client: Client,
  concerns: readonly Concern[],
  intervals: readonly number[],
): Promise<GroupRange[]> {
  const longest = Math.max(...intervals);
  const partial = concerns.filter(
    (concern) => concern.fromDate !== '-infinity' || concern.throughDate !== null,
  );
  const located =
    partial.length === 0
      ? []
      : await locateGroups(
          client,
          partial.map((concern) => concern.symbol),
          partial.map((concern) => concern.fromDate),
          partial.map((concern) => concern.throughDate),
          longest,
        );
  const found = new Map(partial.map((concern, index) => [concern.symbol, located[index]]));
  return concerns.map((concern) => groupRange(concern, found.get(concern.symbol) ?? everything, intervals));
}

function storedRanges(ranges: readonly GroupRange[], intervals: readonly number[]) {
  return intervals.map((days, index) => ({
    days,
    ranges: ranges.map(({ symbol, storedFrom, startThrough }) => ({
      symbol,
      from: storedFrom[index] ?? 'infinity',
      through: startThrough,
    })),
  }));
}
