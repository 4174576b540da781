import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Client } from '../shared/database.ts';
import { copyHeader, copyTrailer, int32, nextRow, symbolLength } from './silver-row.ts';

const chunkBytes = 1 << 18;
/** Longer than a row of ordinary prices. */
const seamBytes = 1_024;

/**
 * Runs a COPY … TO STDOUT and hands over its bytes as they come. When `take` throws, the rest is read first: a connection
 * left in the middle of a COPY could not roll back.
 */
export async function copyOut(
  client: Client,
  text: string,
  take: (bytes: Uint8Array) => void,
): Promise<void> {
  const stream = client.query(copyTo(text, { highWaterMark: chunkBytes }));
  let failure: unknown;
  for await (const bytes of stream as AsyncIterable<Uint8Array>) {
    if (failure !== undefined) continue;
    try {
      take(bytes);
    } catch (error) {
      failure = error;
    }
  }
  if (failure !== undefined) throw failure;
}

/** Runs a COPY … FROM STDIN with the given bytes. */
export async function copyIn(client: Client, text: string, parts: Iterable<Uint8Array>): Promise<void> {
  await pipeline(Readable.from(slices(parts), { objectMode: false }), client.query(copyFrom(text)));
}

/** Collects a binary COPY that ends each interval with an empty symbol into one COPY a part. */
export function splitParts(bytes: Uint8Array, parts: number): Uint8Array[] {
  const result: Uint8Array[] = [];
  let at = copyHeader.length;
  let start = at;
  const end = bytes.length - copyTrailer.length;
  while (at < end) {
    const next = nextRow(bytes, at);
    if (symbolLength(bytes, at) === 0) {
      const part = new Uint8Array(copyHeader.length + at - start + copyTrailer.length);
      part.set(copyHeader);
      part.set(bytes.subarray(start, at), copyHeader.length);
      part.set(copyTrailer, part.length - copyTrailer.length);
      result.push(part);
      start = next;
    }
    at = next;
  }
  if (result.length !== parts)
    throw new RangeError(`COPY gave ${result.length} intervals instead of ${parts}`);
  return result;
}

export type BarVisitor = {
  /** A symbol's bars begin; `position` counts the ranges asked for, from 0. */
  begin(position: number): void;
  /** Dates are days since 2000-01-01; the others are offsets of binary numerics in `bytes`. */
  bar(
    bytes: Uint8Array,
    date: number,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
  ): void;
  end(position: number): void;
};

/**
 * Reads the COPY of `copyBarsOut` while it arrives. Ranges without a bar are begun and ended all the same.
 */
export async function visitBars(
  client: Client,
  text: string,
  ranges: number,
  visitor: BarVisitor,
): Promise<void> {
  let rest: Uint8Array = new Uint8Array();
  let header = copyHeader.length;
  let current = -1;
  const moveTo = (position: number) => {
    if (position < current) throw new RangeError('COPY gave the symbols out of order');
    while (current < position) {
      if (current >= 0) visitor.end(current);
      current++;
      if (current < ranges) visitor.begin(current);
    }
  };
  /** Visits the rows that start before `end` and are whole; returns where the next one starts. */
  const visitRows = (bytes: Uint8Array, end: number, start = 0): number => {
    let at = start;
    while (at < end) {
      // 7 fields: position and date of 4 bytes each, then five numerics.
      if (at + 22 > bytes.length) break;
      const open = at + 22;
      const high = fieldAfter(bytes, open);
      const low = fieldAfter(bytes, high);
      const close = fieldAfter(bytes, low);
      const volume = fieldAfter(bytes, close);
      const next = fieldAfter(bytes, volume) - 4;
      if (!(next <= bytes.length)) break;
      const position = int32(bytes, at + 6) - 1;
      if (position !== current) moveTo(position);
      visitor.bar(bytes, int32(bytes, at + 14), open, high, low, close, volume);
      at = next;
    }
    return at;
  };
  await copyOut(client, text, (bytes) => {
    const skipped = Math.min(header, bytes.length);
    header -= skipped;
    const chunk = bytes.subarray(skipped);
    // The row cut off at the end of the last chunk is joined with the head of this one, rather than with all of it.
    const seam = rest.length > 0 ? Buffer.concat([rest, chunk.subarray(0, seamBytes)]) : rest;
    const seamEnd = visitRows(seam, rest.length);
    if (seamEnd >= rest.length) {
      const start = seamEnd - rest.length;
      rest = chunk.subarray(visitRows(chunk, chunk.length, start));
    } else {
      const joined = Buffer.concat([rest, chunk]);
      rest = joined.subarray(visitRows(joined, joined.length));
    }
  });
  moveTo(ranges);
}

/** Where the data of the field after the one whose data starts at `data` starts; NaN past the end. */
function fieldAfter(bytes: Uint8Array, data: number): number {
  return data > bytes.length ? Number.NaN : data + int32(bytes, data - 4) + 4;
}

function* slices(parts: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += chunkBytes) yield part.subarray(at, at + chunkBytes);
  }
}
