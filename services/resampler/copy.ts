import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Client } from '../shared/database.ts';
import { copyHeader, copyTrailer, nextRow, symbolLength } from './silver-row.ts';

const chunkBytes = 1 << 18;

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

/** The rows of each interval in a binary COPY that ends each with an empty symbol; they lie in `bytes`. */
export function splitParts(bytes: Uint8Array, parts: number): Uint8Array[] {
  const result: Uint8Array[] = [];
  let at = copyHeader.length;
  let start = at;
  const end = bytes.length - copyTrailer.length;
  while (at < end) {
    const next = nextRow(bytes, at);
    if (symbolLength(bytes, at) === 0) {
      result.push(bytes.subarray(start, at));
      start = next;
    }
    at = next;
  }
  if (result.length !== parts)
    throw new RangeError(`COPY gave ${result.length} intervals instead of ${parts}`);
  return result;
}

function* slices(parts: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += chunkBytes) yield part.subarray(at, at + chunkBytes);
  }
}
