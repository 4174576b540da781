/**
 * The general path: folds bronze anew over the concerned ranges and compares with what is stored.
 * It reads, and leaves the writing to the caller; so it serves the resampler, and verification, alike.
 */
import { type BarRange, copyBarsOut, copySilverOut } from '../../sql/queries/copy-out.ts';
import { locateGroups } from '../../sql/queries/locate-groups.ts';
import type { Split } from '../../sql/queries/read-splits.ts';
import type { Client } from '../shared/database.ts';
import { copyOut, splitParts, visitBars } from './copy.ts';
import { type Diff, diffRows } from './diff.ts';
import { Fold, type FoldedSymbol } from './fold.ts';
import { type Concern, type GroupRange, groupRange } from './group-ranges.ts';
import { adjustedRanges } from './split-factors.ts';
import { toDays } from './trading-date.ts';

export type Recomputed = {
  readonly days: number;
  /** Binary COPY of the rows as they should be. */
  readonly folded: Uint8Array;
  /** Binary COPY of the rows as they are. */
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
  const storedChunks: Uint8Array[] = [];
  await copyOut(client, copySilverOut(storedRanges(ranges, intervals)), (bytes) => storedChunks.push(bytes));
  const stored = splitParts(Buffer.concat(storedChunks), intervals.length);

  const fold = new Fold(intervals);
  const symbols: FoldedSymbol[] = [];
  await visitBars(client, copyBarsOut(barRanges(ranges, splits)), ranges.length, {
    begin(position) {
      const { symbol, ordinal, firstOrdinals, startThrough } = ranges[position] as GroupRange;
      const through = startThrough === 'infinity' ? Infinity : toDays(startThrough);
      fold.begin({ symbol, ordinal, firstOrdinals, through });
    },
    bar: (bytes, date, open, high, low, close, volume) =>
      fold.add(bytes, date, open, high, low, close, volume),
    end: () => symbols.push(fold.end()),
  });
  return {
    symbols,
    intervals: intervals.map((days, index) => {
      const folded = fold.rows(index);
      const storedRows = stored[index] as Uint8Array;
      return { days, folded, stored: storedRows, diff: diffRows(storedRows, folded, days) };
    }),
  };
}

/** Splits of each symbol, by date. */
export type SplitsBySymbol = ReadonlyMap<string, readonly Split[]>;

export function bySymbol(splits: readonly Split[]): SplitsBySymbol {
  return Map.groupBy(splits, (split) => split.symbol);
}

function barRanges(ranges: readonly GroupRange[], splits: SplitsBySymbol): BarRange[] {
  return ranges.flatMap(({ symbol, readFrom, readThrough }, index) =>
    adjustedRanges(
      { position: index + 1, symbol, from: readFrom, through: readThrough },
      splits.get(symbol) ?? [],
    ),
  );
}

async function locate(
  client: Client,
  concerns: readonly Concern[],
  intervals: readonly number[],
): Promise<GroupRange[]> {
  const longest = Math.max(...intervals);
  const partial = concerns.filter((concern) => concern.fromDate !== '-infinity');
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
