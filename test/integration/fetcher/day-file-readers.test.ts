import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ReadDayFile, withDayFileReader } from '../../../services/fetcher/day-file-readers.ts';
import { readFlatFile } from '../../../services/fetcher/flat-file.ts';
import { FlatFileError } from '../../../services/fetcher/flat-file-error.ts';
import type { Selection } from '../../../services/fetcher/selection.ts';

const header = 'ticker,volume,open,close,high,low,window_start,transactions';
const days = ['2017-01-03', '2017-01-04', '2017-01-05', '2017-01-06', '2017-01-09', '2017-01-10'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fibbars-readers-'));
  for (const day of days) await writeFile(fileOf(day).path, gzipSync(contentOf(day)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const fileOf = (tradingDay: string, name = tradingDay) => ({
  tradingDay,
  path: join(folder, `${name}.csv.gz`),
});

function contentOf(day: string): string {
  const stamp = BigInt(Date.parse(`${day}T05:00:00Z`)) * 1_000_000n;
  const lines = Array.from({ length: 200 }, (_, i) => `S${i},100,10,${i % 50 ? 11 : 13},12,9,${stamp},`);
  return `${[header, ...lines].join('\n')}\n`;
}

test('threads read what one reads, with the same selection', () =>
  withDayFileReader(3, async (read) => {
    const selection: Selection = { symbols: new Set(['S1', 'S50']), testTickers: new Set(['S1']) };
    const inThreads = await Promise.all(days.map((day) => read(fileOf(day), selection)));
    const here = await Promise.all(days.map((day) => readFlatFile(fileOf(day), selection)));
    expect(inThreads).toEqual(here);
    expect(here[0]?.quarantined.map(({ reason }) => reason)).toEqual(['test_ticker', 'close_outside']);
    expect(await read(fileOf('2017-01-03'))).toEqual(await readFlatFile(fileOf('2017-01-03')));
  }));

test('a damaged file fails with file, line and field, and the thread goes on', () =>
  withDayFileReader(3, async (read) => {
    const damaged = fileOf('2017-01-04', 'damaged');
    await writeFile(damaged.path, gzipSync(`${header}\nA,1,10\n`));
    const failureOf = async (from: ReadDayFile) =>
      await from(damaged).catch((thrown: unknown) => thrown as FlatFileError);
    const [there, here] = [await failureOf(read), await failureOf(readFlatFile)];
    expect(there).toBeInstanceOf(FlatFileError);
    expect(there).toMatchObject({
      message: (here as Error).message,
      file: damaged.path,
      line: 2,
      field: 'close',
    });
    expect((await read(fileOf('2017-01-03'))).bars).toHaveLength(196);
  }));

test('a file that is gone fails by name', () =>
  withDayFileReader(3, async (read) => {
    const gone = fileOf('2017-01-04', 'gone');
    await expect(read(gone)).rejects.toThrow(gone.path);
  }));

test('what is no longer wanted fails at once, waiting or being read', () =>
  withDayFileReader(3, async (read) => {
    const stop = new AbortController();
    const reading = days.map((day) => read(fileOf(day), {}, stop.signal));
    stop.abort(new Error('stopped'));
    const results = await Promise.allSettled(reading);
    expect(results.map((result) => result.status === 'rejected' && String(result.reason))).toEqual(
      days.map(() => 'Error: stopped'),
    );
    await expect(read(fileOf('2017-01-03'), {}, stop.signal)).rejects.toThrow('stopped');
    expect((await read(fileOf('2017-01-03'))).bars).toHaveLength(196);
  }));

test('when the work ends, what was still being read fails', async () => {
  let reading: Promise<PromiseSettledResult<unknown>[]> | undefined;
  await withDayFileReader(3, async (read) => {
    reading = Promise.allSettled(days.map((day) => read(fileOf(day))));
    await Promise.resolve();
  });
  expect((await reading)?.map(({ status }) => status)).toEqual(days.map(() => 'rejected'));
});
