/**
 * Rows of a silver table as binary COPY sends and takes them:
 *
 *     int16 9 | symbol | start_date | end_date | open | high | low | close | volume | bar_count
 *
 * each field after an int32 of its length. Source: the manual's page on COPY, "Binary Format".
 */

import type { SilverRow } from '../../sql/queries/write-silver.ts';
import { numericToText, sameValue } from './numeric.ts';
import { fromDays } from './trading-date.ts';

/** `PGCOPY\n\377\r\n\0`, no flags, no extension. */
export const copyHeader: Uint8Array = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
export const copyTrailer: Uint8Array = Uint8Array.of(0xff, 0xff);

export const silverFields = 9;

/** A silver bar as text, exact. */
export type SilverBar = SilverRow;

export function int32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

/** Where the row after the one at `at` starts. */
export function nextRow(bytes: Uint8Array, at: number): number {
  let next = at + 2;
  for (let field = 0; field < silverFields; field++) next += 4 + int32(bytes, next);
  return next;
}

export function symbolLength(bytes: Uint8Array, at: number): number {
  return int32(bytes, at + 2);
}

export function symbolOf(bytes: Uint8Array, at: number): string {
  const start = at + 6;
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, symbolLength(bytes, at)).toString('latin1');
}

/** `start_date` in days since 2000-01-01. */
export function startOf(bytes: Uint8Array, at: number): number {
  return int32(bytes, at + 6 + symbolLength(bytes, at) + 4);
}

/** `bar_count` of the row that ends before `next`. */
export function barCountOf(bytes: Uint8Array, next: number): number {
  return int32(bytes, next - 4);
}

export function sameSymbol(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): boolean {
  const length = symbolLength(a, aAt);
  if (length !== symbolLength(b, bAt)) return false;
  for (let index = 5 + length; index >= 6; index--) {
    if (a[aAt + index] !== b[bAt + index]) return false;
  }
  return true;
}

/** Symbols in `collate "C"` order, then dates: negative, zero or positive. */
export function compareKeys(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): number {
  const aLength = symbolLength(a, aAt);
  const bLength = symbolLength(b, bAt);
  const shared = Math.min(aLength, bLength);
  for (let index = 6; index < 6 + shared; index++) {
    const difference = (a[aAt + index] as number) - (b[bAt + index] as number);
    if (difference !== 0) return difference;
  }
  return aLength - bLength || startOf(a, aAt) - startOf(b, bAt);
}

/** Rows of one key that hold the same values; 1.5 and 1.50 are the same. */
export function sameBar(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): boolean {
  const symbolEnd = 6 + symbolLength(a, aAt);
  let aField = aAt + symbolEnd + 8;
  let bField = bAt + symbolEnd + 8;
  if (int32(a, aField + 4) !== int32(b, bField + 4)) return false;
  aField += 8;
  bField += 8;
  for (let field = 0; field < 5; field++) {
    if (!sameValue(a, aField + 4, b, bField + 4)) return false;
    aField += 4 + int32(a, aField);
    bField += 4 + int32(b, bField);
  }
  return int32(a, aField + 4) === int32(b, bField + 4);
}

export function readBar(bytes: Uint8Array, at: number): SilverBar {
  const starts: number[] = [];
  for (let field = 0, next = at + 2; field < silverFields; field++) {
    starts.push(next + 4);
    next += 4 + int32(bytes, next);
  }
  const numeric = (field: number) => numericToText(bytes, starts[field] as number);
  return {
    symbol: symbolOf(bytes, at),
    startDate: fromDays(int32(bytes, starts[1] as number)),
    endDate: fromDays(int32(bytes, starts[2] as number)),
    open: numeric(3),
    high: numeric(4),
    low: numeric(5),
    close: numeric(6),
    volume: numeric(7),
    barCount: int32(bytes, starts[8] as number),
  };
}
