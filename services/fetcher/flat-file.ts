import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { PassThrough, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { parse } from 'fast-csv';
import type { DeliveredRow, Delivery } from './bar.ts';
import type { DayFile } from './find-day-files.ts';
import { FlatFileError } from './flat-file-error.ts';
import { createRowReader, type RowReader } from './flat-file-rows.ts';
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
  const { rows, sha256 } = await readRows(file, createRowReader(file), signal);
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

/** Hashed on the way: read a second time, the file might be another. */
async function readRows(
  file: DayFile,
  reader: RowReader,
  signal?: AbortSignal,
): Promise<{ rows: DeliveredRow[]; sha256: string }> {
  const hash = createHash('sha256');
  const watchBytes = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  let endsInNewline = true;
  const watchEnd = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      endsInNewline = chunk.at(-1) === 0x0a;
      done(null, chunk);
    },
  });
  try {
    await pipeline(
      createReadStream(file.path),
      watchBytes,
      file.path.endsWith('.gz') ? createGunzip() : new PassThrough(),
      watchEnd,
      parse({ headers: false, ignoreEmpty: false }),
      async (parsed: AsyncIterable<string[]>) => {
        for await (const fields of parsed) reader.take(fields);
      },
      signal ? { signal } : {},
    );
  } catch (error) {
    throw explain(error, file.path, reader.line + 1);
  }
  return { rows: reader.finish(endsInNewline), sha256: hash.digest('hex') };
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
  if (error.message.startsWith('Parse Error')) {
    return new FlatFileError({ file, line }, `no CSV (${error.message.slice(0, 120)})`, { cause: error });
  }
  return error;
}
