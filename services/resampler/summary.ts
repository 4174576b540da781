import { changedRows } from './diff.ts';
import type { Recomputation } from './recompute.ts';
import { fromDays } from './trading-date.ts';

/** What changed in one silver table. */
export type TableSummary = {
  readonly days: number;
  /** Symbols with a changed row, ascending. */
  readonly symbols: readonly string[];
  /** Symbols with a bar that became complete, ascending. */
  readonly completed: readonly string[];
  /** Earliest start_date of a changed row; null: nothing changed. */
  readonly from: string | null;
  readonly changedRows: number;
};

export function summarize(recomputation: Recomputation): TableSummary[] {
  return recomputation.intervals.map(({ days, diff }) => ({
    days,
    symbols: diff.symbols,
    completed: diff.completed,
    from: Number.isFinite(diff.earliest) ? fromDays(diff.earliest) : null,
    changedRows: changedRows(diff),
  }));
}

/** Both summaries are of the same intervals, in the same order, and of different symbols. */
export function joinSummaries(a: readonly TableSummary[], b: readonly TableSummary[]): TableSummary[] {
  if (a.length === 0) return [...b];
  return a.map((left, index) => {
    const right = b[index];
    if (right === undefined) return left;
    return {
      days: left.days,
      symbols: [...left.symbols, ...right.symbols].toSorted(),
      completed: [...left.completed, ...right.completed].toSorted(),
      from: [left.from, right.from].filter((date) => date !== null).toSorted()[0] ?? null,
      changedRows: left.changedRows + right.changedRows,
    };
  });
}
