import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findDayFiles, TwoFilesOfOneDayError } from '../../../services/fetcher/find-day-files.ts';
import { readFlatFile } from '../../../services/fetcher/flat-file.ts';
import { FlatFileError } from '../../../services/fetcher/flat-file-error.ts';
import { readSamples } from '../../../services/fetcher/samples.ts';

const header = 'ticker,volume,open,close,high,low,window_start,transactions';
const midnight = '1483419600000000000';
const day = '2017-01-03';

let folder: string;
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fibbars-flat-file-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(content: string | Buffer, name = `${day}.csv`) {
  const below = join(folder, String(made++));
  await mkdir(below);
  const path = join(below, name);
  await writeFile(path, content);
  return { path, tradingDay: day };
}

function line(ticker: string, stamp = midnight): string {
  return `${ticker},100.5,10,11,12,9,${stamp},7`;
}

async function problemOf(content: string | Buffer, name?: string): Promise<FlatFileError> {
  const file = await fileOf(content, name);
  const error: unknown = await readFlatFile(file).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FlatFileError);
  expect((error as Error).message).toContain(file.path);
  return error as FlatFileError;
}

test('a header without a row is no market day', async () => {
  expect((await problemOf(`${header}\n`)).message).toContain('no row');
});

test('close comes before high, and every value keeps its text', async () => {
  const content = `${header}\nTRUE,1.432032e+06,10.00,11.5,12,9.000000001,${midnight},\n`;
  const { bars, adjusted, source } = await readFlatFile(await fileOf(gzipSync(content), `${day}.csv.gz`));
  expect({ adjusted, source }).toEqual({ adjusted: false, source: 'flatfiles' });
  expect(bars).toEqual([
    {
      position: 1,
      symbol: 'TRUE',
      open: '10.00',
      high: '12',
      low: '9.000000001',
      close: '11.5',
      volume: '1.432032e+06',
    },
  ]);
});

test('columns are found by name, whatever their order', async () => {
  const content = `low,high,ticker,window_start,open,close,volume,transactions\n9,12,A,${midnight},10,11,5,1\n`;
  const { bars } = await readFlatFile(await fileOf(content));
  expect(bars).toEqual([
    { position: 1, symbol: 'A', open: '10', high: '12', low: '9', close: '11', volume: '5' },
  ]);
});

test.each([
  ['a missing column', 'ticker,volume,open,close,high,low,window_start', 'transactions'],
  ['an unknown column', `${header},vwap`, '"vwap"'],
  ['a repeated column', 'ticker,volume,open,close,high,high,window_start,transactions', 'high'],
])('a header with %s is refused by name', async (_what, first, field) => {
  expect(await problemOf(`${first}\n${line('A')}\n`)).toMatchObject({ line: 1, field });
});

test('an empty file is refused', async () => {
  expect(await problemOf('')).toMatchObject({ line: 1, field: 'ticker' });
});

test('a gzip that is cut off anywhere is refused as a whole', async () => {
  const whole = gzipSync(`${header}\n${Array.from({ length: 500 }, (_, i) => line(`S${i}`)).join('\n')}\n`);
  for (const length of [whole.length - 1, whole.length - 9, whole.length >> 1, 12, 3]) {
    const error = await problemOf(whole.subarray(0, length), `${day}.csv.gz`);
    expect(error.line).toBeGreaterThan(0);
  }
});

test('a half-written last line is refused, with the first value that it lacks', async () => {
  const content = `${header}\n${line('A')}\nB,100,10,11,1`;
  expect(await problemOf(content)).toMatchObject({ line: 3, field: 'low' });
});

test('a last value that may have lost digits is refused', async () => {
  const content = `ticker,volume,open,close,high,window_start,transactions,low\nA,1,10,11,12,${midnight},1,9.2`;
  expect(await problemOf(content)).toMatchObject({ line: 2, field: 'low' });
});

test('a line with a value too many is refused with its number', async () => {
  expect(await problemOf(`${header}\n${line('A')}\n${line('B')},1\n${line('C')}\n`)).toMatchObject({
    line: 3,
  });
});

test('a quote without its end is a clear error, not a lost file', async () => {
  const error = await problemOf(`${header}\n${line('A')}\n"B,1,1\n${line('C')}\n`);
  expect(error.line).toBe(3);
});

test('text behind a closing quote is located, also far into the file', async () => {
  const before = Array.from({ length: 3_000 }, (_, index) => line(`S${index}`));
  const error = await problemOf(`${[header, ...before, '"B"x,1,1', line('C')].join('\n')}\n`);
  expect(error.line).toBe(3_002);
});

test('values keep their text wherever the file is cut to be read', async () => {
  const symbols = Array.from({ length: 2_000 }, (_, index) => `S${index}`);
  const content = `${[header, ...symbols.map((symbol) => line(symbol))].join('\r\n')}\r\n`;
  const { bars, quarantined } = await readFlatFile(await fileOf(content));
  expect(quarantined).toEqual([]);
  expect(bars.map((bar) => bar.symbol)).toEqual(symbols);
  expect(new Set(bars.map((bar) => [bar.open, bar.high, bar.low, bar.close, bar.volume].join()))).toEqual(
    new Set(['10,12,9,11,100.5']),
  );
});

test('a row of another day is quarantined, a file of another day refused', async () => {
  const tomorrow = '1483506000000000000';
  const { bars, quarantined } = await readFlatFile(
    await fileOf(`${header}\n${line('A')}\n${line('B', tomorrow)}\n`),
  );
  expect(bars.map((bar) => bar.symbol)).toEqual(['A']);
  expect(quarantined).toEqual([{ position: 2, reason: 'wrong_day', symbol: 'B', row: line('B', tomorrow) }]);
  const error = await problemOf(`${header}\n${line('A', tomorrow)}\n`);
  expect(error).toMatchObject({ line: 2, field: 'window_start' });
});

test('with a selection, only its rows are read, and the fingerprint is another', async () => {
  const file = await fileOf(`${header}\n${line('A')}\n${line('a')}\n${line('B')}\n`);
  const all = await readFlatFile(file);
  const some = await readFlatFile(file, { symbols: new Set(['a']) });
  expect(some.bars.map((bar) => bar.symbol)).toEqual(['a']);
  expect(some.fingerprint).not.toBe(all.fingerprint);
  expect((await readFlatFile(file)).fingerprint).toBe(all.fingerprint);
});

test('day files are found at any depth, in date order, between two days', async () => {
  const root = await mkdtemp(join(folder, 'tree-'));
  await mkdir(join(root, '2017', '01'), { recursive: true });
  for (const name of [
    '2017/01/2017-01-04.csv.gz',
    '2017-01-03.csv',
    '2017-01-05.csv',
    '2017-02-30.csv',
    'x2017-01-06.csv',
  ])
    await writeFile(join(root, name), '');
  const days = async (from?: string, to?: string) =>
    (await findDayFiles(root, { ...(from && { from }), ...(to && { to }) })).map((file) => file.tradingDay);
  expect(await days()).toEqual(['2017-01-03', '2017-01-04', '2017-01-05']);
  expect(await days('2017-01-04', '2017-01-04')).toEqual(['2017-01-04']);
  await writeFile(join(root, '2017-01-04.csv'), '');
  const error: unknown = await findDayFiles(root).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TwoFilesOfOneDayError);
  expect((error as Error).message).toContain(join(root, '2017-01-04.csv'));
  expect((error as Error).message).toContain(join(root, '2017', '01', '2017-01-04.csv.gz'));
});

test('the samples are 6,365 bars of two adjusted series on 5,105 days, none of them refused', async () => {
  const days = await readSamples();
  expect(days).toHaveLength(5_105);
  expect(days.every((each) => each.adjusted && each.quarantined.length === 0)).toBe(true);
  const bars = days.flatMap((each) => each.bars);
  const aapl = bars.filter((bar) => bar.symbol === 'AAPL');
  expect([bars.length, aapl.length, days[0]?.tradingDay, days.at(-1)?.tradingDay]).toEqual([
    6_365,
    1_260,
    '2000-01-03',
    '2020-04-17',
  ]);
  expect(aapl[0]).toMatchObject({
    open: '64.501427',
    high: '65.414284',
    low: '64.500000',
    close: '64.962860',
    volume: '79237200',
  });
});
