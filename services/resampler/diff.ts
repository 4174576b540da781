/**
 * What has to be written so that the stored rows of an interval become the folded ones.
 *
 * Both sides are rows of a binary COPY, in key order and over the same ranges of keys:
 *
 *     stored   a  b     d  e           gone: d       changed: e, when a value differs
 *     folded   a  b  c     e  f        fresh: c, f
 *
 * Equal bytes need no look at the rows; equal rows (by value) are never written.
 */

import { barCountOf, compareKeys, nextRow, sameBar, sameSymbol, startOf, symbolOf } from './silver-row.ts';
import { fromDays } from './trading-date.ts';

/** Keys from `from` through `through` of one symbol, between which no row is kept. */
export type KeyRange = { readonly symbol: string; readonly from: string; readonly through: string };

export type Diff = {
  readonly gone: KeyRange[];
  goneRows: number;
  /** Offsets in the folded rows. */
  readonly changed: number[];
  /** Pairs of offsets in the folded rows, start and end of a run. */
  readonly fresh: number[];
  freshRows: number;
  /** Symbols with a row written or deleted, in key order. */
  readonly symbols: string[];
  /** Symbols with a bar that is complete now and was not. */
  readonly completed: string[];
  /** The earliest start_date written or deleted, in days since 2000-01-01. */
  earliest: number;
};

export function changedRows(diff: Diff): number {
  return diff.goneRows + diff.changed.length + diff.freshRows;
}

/** @param days of the interval. */
export function diffRows(stored: Uint8Array, folded: Uint8Array, days: number): Diff {
  const diff: Diff = {
    gone: [],
    goneRows: 0,
    changed: [],
    fresh: [],
    freshRows: 0,
    symbols: [],
    completed: [],
    earliest: Infinity,
  };
  if (Buffer.compare(stored, folded) === 0) return diff;
  let storedAt = 0;
  let foldedAt = 0;
  /** Where the first and the last row of a run of rows that go stand in `stored`. */
  let run: { first: number; last: number } | undefined;

  let touched: { bytes: Uint8Array; at: number; completed: boolean } | undefined;

  const touch = (bytes: Uint8Array, at: number, completes: boolean) => {
    if (touched === undefined || !sameSymbol(touched.bytes, touched.at, bytes, at)) {
      touched = { bytes, at, completed: false };
      diff.symbols.push(symbolOf(bytes, at));
    }
    if (completes && !touched.completed) {
      touched.completed = true;
      diff.completed.push(symbolOf(bytes, at));
    }
    diff.earliest = Math.min(diff.earliest, startOf(bytes, at));
  };

  const endRun = () => {
    if (run === undefined) return;
    diff.gone.push({
      symbol: symbolOf(stored, run.first),
      from: fromDays(startOf(stored, run.first)),
      through: fromDays(startOf(stored, run.last)),
    });
    run = undefined;
  };

  while (storedAt < stored.length || foldedAt < folded.length) {
    const order =
      storedAt >= stored.length
        ? 1
        : foldedAt >= folded.length
          ? -1
          : compareKeys(stored, storedAt, folded, foldedAt);
    if (order < 0) {
      const next = nextRow(stored, storedAt);
      if (run !== undefined && !sameSymbol(stored, run.first, stored, storedAt)) endRun();
      run ??= { first: storedAt, last: storedAt };
      run.last = storedAt;
      diff.goneRows++;
      touch(stored, storedAt, false);
      storedAt = next;
      continue;
    }
    const next = nextRow(folded, foldedAt);
    const complete = barCountOf(folded, next) === days;
    if (order > 0) {
      if (diff.fresh.at(-1) === foldedAt) diff.fresh[diff.fresh.length - 1] = next;
      else diff.fresh.push(foldedAt, next);
      diff.freshRows++;
      touch(folded, foldedAt, complete);
    } else {
      // A row that stays, changed or not, ends a run of rows that go.
      endRun();
      const storedNext = nextRow(stored, storedAt);
      if (!sameBar(stored, storedAt, folded, foldedAt)) {
        diff.changed.push(foldedAt);
        touch(folded, foldedAt, complete && barCountOf(stored, storedNext) !== days);
      }
      storedAt = storedNext;
    }
    foldedAt = next;
  }
  endRun();
  return diff;
}
