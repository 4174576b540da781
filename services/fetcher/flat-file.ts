import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { PassThrough, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { parse } from 'fast-csv';
import type { DeliveredRow, Delivery } from './bar.ts';
import type { DayFile } from './find-day-files.ts';
import { FlatFileError } from './flat-file-error.ts';
import { createRowReader } from './flat-file-rows.ts';
import { fingerprintOf, type Selection } from './selection.ts';
import { validateBars } from './validate-bars.ts';

export const flatFileSource = 'flatfiles';

/**
 * Reads one day file whole, and judges its rows; with a selection of symbols, only theirs.
 * Source of the format: https://massive.com/docs/flat-files/stocks/day-aggregates
 * @throws {FlatFileError} if it is cut off or no such file: nothing of it may be stored then.
 */
export async function readFlatFile(
  file: DayFile,
  selection: Selection = {},
  signal?: AbortSignal,
): Promise<Delivery> {
  const { rows, sha256 } = await readRows(file, signal);
  const { symbols } = selection;
  return {
    source: flatFileSource,
    tradingDay: file.tradingDay,
    adjusted: false,
    fingerprint: fingerprintOf(sha256, selection),
    ...(symbols && { selection: [...symbols] }),
    ...validateBars(symbols ? rows.filter((row) => symbols.has(row.symbol)) : rows, selection),
  };
}

/** Names a file's content and the selection, without parsing it. */
export async function fingerprintFlatFile(file: DayFile, selection: Selection = {}): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file.path), hash);
  return fingerprintOf(hash.digest('hex'), selection);
}

/** fast-csv copies what is left of a piece at every value: it is fastest with small ones. */
const pieceBytes = 4_096;

type ReadRows = { readonly rows: DeliveredRow[]; readonly sha256: string };

/** Hashed on the way: read a second time, the file might be another. */
async function readRows(file: DayFile, signal: AbortSignal | undefined, byLine = false): Promise<ReadRows> {
  const reader = createRowReader(file);
  const hash = createHash('sha256');
  const watchBytes = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  let endsInNewline = true;
  try {
    await pipeline(
      createReadStream(file.path),
      watchBytes,
      file.path.endsWith('.gz') ? createGunzip() : new PassThrough(),
      async function* cut(chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          endsInNewline = chunk.at(-1) === newline;
          yield* byLine ? lines(chunk) : pieces(chunk);
        }
      },
      parse({ headers: false, ignoreEmpty: false }),
      async (parsed: AsyncIterable<string[]>) => {
        for await (const fields of parsed) reader.take(fields);
      },
      signal ? { signal } : {},
    );
  } catch (error) {
    // The lines before it in its piece were not heard of: read so that they are, it is located.
    if (isParseError(error) && !byLine) return await readRows(file, signal, true);
    throw explain(error, file.path, reader.line + 1);
  }
  return { rows: reader.finish(endsInNewline), sha256: hash.digest('hex') };
}

const newline = 0x0a;

function* pieces(chunk: Buffer): Generator<Buffer> {
  for (let at = 0; at < chunk.length; at += pieceBytes) yield chunk.subarray(at, at + pieceBytes);
}

function* lines(chunk: Buffer): Generator<Buffer> {
  for (let at = 0; at < chunk.length; ) {
    const end = chunk.indexOf(newline, at) + 1 || chunk.length;
    yield chunk.subarray(at, end);
    at = end;
  }
}

function isParseError(error: unknown): error is Error {
  return error instanceof Error && error.message.startsWith('Parse Error');
}

function explain(error: unknown, file: string, line: number): unknown {
  if (!(error instanceof Error) || error instanceof FlatFileError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code?.startsWith('Z_')) {
    return new FlatFileError(
      { file, line },
      `the gzip data is cut off or damaged (${error.message}): fetch it again`,
      {
        cause: error,
      },
    );
  }
  if (isParseError(error)) {
    return new FlatFileError({ file, line }, `no CSV (${error.message.slice(0, 120)})`, { cause: error });
  }
  return error;
}
