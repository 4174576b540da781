/**
 * Which groups a range of days concerns: the arithmetic between invalidation and rows.
 *
 * Invariant: groups before the one that holds `fromDate` are not touched by a change at `fromDate` or later. With
 * t = base ordinal + bars before `fromDate`, the first group of N concerned starts at ordinal t − t % N.
 *
 *     bars        ……  b  b  b | f  x  x  x         f = first bar from fromDate on, ordinal t
 *     N = 5        [ t − t % 5 ………… ]
 *                   └ t % 5 bars before fromDate are read again
 */
import type { Located } from '../../sql/queries/locate-groups.ts';

export type Concern = {
  readonly symbol: string;
  readonly baseOrdinal: number;
  /** `-infinity`: from the first bar. */
  readonly fromDate: string;
  /** null: to the end. */
  readonly throughDate: string | null;
  /** null: all intervals. */
  readonly intervals: readonly number[] | null;
  /** About as many bars as the symbol has, if known. */
  readonly bars?: number | undefined;
};

export type GroupRange = {
  readonly symbol: string;
  /** Ordinal of the first bar to read. */
  readonly ordinal: number;
  readonly readFrom: string;
  readonly readThrough: string;
  /** No group that starts later is concerned. */
  readonly startThrough: string;
  /** Per interval, the ordinal that the first concerned group starts at; Infinity: the interval is not concerned. */
  readonly firstOrdinals: readonly number[];
  /** Per interval, the earliest start_date that a concerned bar is stored under. */
  readonly storedFrom: readonly string[];
};

/** @param intervals in days, ascending. */
export function groupRange(concern: Concern, located: Located, intervals: readonly number[]): GroupRange {
  const { barsBefore, datesBefore } = located;
  const { baseOrdinal } = concern;
  const total = baseOrdinal + barsBefore;
  const dateBack = (bars: number) =>
    bars === 0 ? concern.fromDate : (datesBefore[Math.min(bars, barsBefore) - 1] ?? concern.fromDate);
  const wanted = intervals.map((days) => concern.intervals === null || concern.intervals.includes(days));
  // Bars of a group whose start retention has dropped are no group: the first whole one counts.
  const firstOrdinals = intervals.map((days, index) =>
    wanted[index] ? Math.max(total - (total % days), Math.ceil(baseOrdinal / days) * days) : Infinity,
  );
  const barsBack = intervals.map((days) => Math.min(total % days, barsBefore));
  const furthest = Math.max(0, ...barsBack.filter((_, index) => wanted[index]));
  return {
    symbol: concern.symbol,
    ordinal: total - furthest,
    readFrom: dateBack(furthest),
    readThrough: concern.throughDate === null ? 'infinity' : (located.readThrough ?? 'infinity'),
    startThrough: concern.throughDate ?? 'infinity',
    firstOrdinals,
    storedFrom: intervals.map((_, index) => (wanted[index] ? dateBack(barsBack[index] ?? 0) : 'infinity')),
  };
}
