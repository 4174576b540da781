import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { flatFileDays } from '../../../services/fetcher/available-days.ts';
import { type BackfillProgress, type BackfillRequest, backfill } from '../../../services/fetcher/backfill.ts';
import { withDayFileReader } from '../../../services/fetcher/day-file-readers.ts';
import { runFetcher } from '../../../services/fetcher/handler.ts';
import { createLogger } from '../../../services/shared/logger.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';

const header = 'ticker,volume,open,close,high,low,window_start,transactions';
const days = ['2017-01-03', '2017-01-04', '2017-01-05', '2017-01-06'];

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fibbars-backfill-'));
  await database.db.query(
    'truncate raw_ohlcv, ops.symbol, ops.change, ops.invalidation, ops.outbox, ops.quarantine, ops.trading_day',
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function contentOf(day: string, tickers = ['A', 'B'], close = '11'): string {
  const stamp = BigInt(Date.parse(`${day}T05:00:00Z`)) * 1_000_000n;
  return [header, ...tickers.map((ticker) => `${ticker},100,10,${close},12,9,${stamp},`), ''].join('\n');
}

async function writeDays(): Promise<void> {
  for (const day of days) await writeFile(join(folder, `${day}.csv.gz`), gzipSync(contentOf(day)));
}

const deps = { publish: () => Promise.resolve(), logger: createLogger('test', 'silent') };

async function run(more: Partial<BackfillRequest> = {}, from = folder) {
  return await backfill(
    { ...deps, db: database.db },
    {
      source: 'flatfiles',
      days: await flatFileDays(from, {}),
      cause: 'backfill',
      signal: new AbortController().signal,
      ...more,
    },
  );
}

const countBars = async () =>
  (await database.db.query<{ bars: number }>('select count(*)::int as bars from raw_ohlcv'))[0]?.bars;

test('days are taken in once: the second run skips what it knows', async () => {
  await writeDays();
  expect(await run()).toMatchObject({
    ingested: 4,
    skipped: 0,
    received: 8,
    inserted: 8,
    events: 4,
    complete: true,
  });
  expect(await run()).toMatchObject({ ingested: 0, skipped: 4, received: 0, events: 0 });
});

test('a file that changed is read again, and only what differs is written', async () => {
  await writeDays();
  await run();
  await writeFile(join(folder, '2017-01-04.csv.gz'), gzipSync(contentOf('2017-01-04', ['A', 'B'], '11.5')));
  expect(await run()).toMatchObject({ ingested: 1, skipped: 3, corrected: 2, inserted: 0, events: 1 });
});

test('a damaged day fails by name, the others go on, and the next run takes up just that one', async () => {
  await writeDays();
  const damaged = join(folder, '2017-01-04.csv.gz');
  await writeFile(damaged, gzipSync(contentOf('2017-01-04')).subarray(0, 60));
  const report = await run();
  expect(report).toMatchObject({ ingested: 3, inserted: 6, failed: [{ tradingDay: '2017-01-04' }] });
  expect(report.failed[0]?.error).toContain(damaged);
  await writeFile(damaged, gzipSync(contentOf('2017-01-04')));
  expect(await run()).toMatchObject({ ingested: 1, skipped: 3, inserted: 2, failed: [] });
});

test('days read in threads are taken in by date, a damaged one is left out, and a stop is heard', async () => {
  await writeDays();
  const damaged = join(folder, '2017-01-04.csv.gz');
  await writeFile(damaged, gzipSync(contentOf('2017-01-04')).subarray(0, 60));
  const stop = new AbortController();
  const onProgress = ({ done }: BackfillProgress) => {
    if (done === 3) stop.abort();
  };
  const report = await withDayFileReader(3, async (read) =>
    run({
      days: await flatFileDays(folder, {}, {}, read),
      readAhead: 3,
      signal: stop.signal,
      onProgress,
    }),
  );
  expect(report).toMatchObject({ ingested: 2, complete: false, failed: [{ tradingDay: '2017-01-04' }] });
  expect(report.failed[0]?.error).toMatch(/2017-01-04.csv.gz, line \d+: the gzip data is cut off/);
  const stored = await database.db.query('select distinct date from raw_ohlcv order by date');
  expect(stored.map((row) => row['date'])).toEqual(['2017-01-03', '2017-01-05']);
});

test('a session without a file is named, a holiday is not', async () => {
  await writeDays();
  await rm(join(folder, '2017-01-05.csv.gz'));
  const report = await run({ from: '2016-12-30', to: '2017-01-09' });
  expect(report.missingDays).toEqual(['2016-12-30', '2017-01-05', '2017-01-09']);
});

test('a file of a weekend is refused, and one of a holiday is taken and named', async () => {
  await writeDays();
  for (const day of ['2017-01-02', '2017-01-07', '2017-01-08']) {
    await writeFile(join(folder, `${day}.csv.gz`), gzipSync(contentOf(day)));
  }
  const report = await run();
  expect(report).toMatchObject({ ingested: 5, noSessions: ['2017-01-02'], missingDays: [], complete: true });
  expect(report.failed).toEqual([
    { tradingDay: '2017-01-07', error: expect.stringContaining('2017-01-07 is a Saturday') as unknown },
    { tradingDay: '2017-01-08', error: expect.stringContaining('is a Sunday') as unknown },
  ]);
  expect(await countBars()).toBe(10);
});

test('stopped in the middle, it leaves whole days, and the next run goes on from there', async () => {
  await writeDays();
  const stop = new AbortController();
  const report = await run({
    signal: stop.signal,
    onProgress: ({ done }) => {
      if (done === 2) stop.abort();
    },
  });
  expect(report).toMatchObject({ ingested: 2, complete: false, failed: [] });
  expect(await countBars()).toBe(4);
  expect(await run()).toMatchObject({ ingested: 2, skipped: 2, complete: true });
});

test('pruning is done also on days that were taken in without it, and only once', async () => {
  await writeDays();
  await run();
  await writeFile(join(folder, '2017-01-06.csv.gz'), gzipSync(contentOf('2017-01-06', ['A'])));
  expect(await run()).toMatchObject({ ingested: 1, missing: 1, deleted: 0 });
  expect(await run({ prune: true })).toMatchObject({ ingested: 4, skipped: 0, deleted: 1 });
  expect(await run({ prune: true })).toMatchObject({ ingested: 0, skipped: 4 });
  expect(await run()).toMatchObject({ ingested: 0, skipped: 4 });
});

test('with a selection, symbols of which no day has a row are named', async () => {
  await writeDays();
  await writeFile(join(folder, '2017-01-06.csv.gz'), gzipSync(contentOf('2017-01-06', ['A', 'C'])));
  const selection = { symbols: new Set(['A', 'C', 'a']) };
  expect(await run({ days: await flatFileDays(folder, {}, selection) })).toMatchObject({
    inserted: 5,
    absentSymbols: ['a'],
  });
  expect(await run({ days: await flatFileDays(folder, {}, selection) })).toMatchObject({
    skipped: 4,
    absentSymbols: [],
  });
});

test('progress counts days and rows', async () => {
  await writeDays();
  const seen: unknown[] = [];
  await run({ onProgress: (progress) => seen.push(progress) });
  expect(seen.at(-1)).toEqual({ done: 4, total: 4, rows: 8 });
});

test('the service ends with 1 when a day failed, and with 0 for a gap', async () => {
  await writeDays();
  const fetcher = { ...deps, db: database.db, clock: () => new Date(), signal: new AbortController().signal };
  const request = {
    path: folder,
    s3: undefined,
    from: '2017-01-03',
    to: '2017-01-09',
    prune: false,
    testTickers: new Set<string>(),
  };
  expect(await runFetcher(fetcher, request)).toBe(0);
  await writeFile(join(folder, '2017-01-09.csv'), 'ticker\n');
  expect(await runFetcher(fetcher, request)).toBe(1);
});

const real = join(
  process.env['FIBBARS_REAL_DATA'] ?? '',
  'flatfiles',
  'us_stocks_sip',
  'day_aggs_v1',
  '2017',
  '01',
);
const absent = !process.env['FIBBARS_REAL_DATA'] || !existsSync(real);
const why = absent ? ' (skipped: set FIBBARS_REAL_DATA to the folder of recorded data)' : '';

describe.skipIf(absent)(`real day files of the whole market${why}`, () => {
  test('are bars to the last row, and unchanged when they come again', async () => {
    const some = (await flatFileDays(real, {})).slice(0, 3);
    const first = await run({ days: some });
    expect(first).toMatchObject({ ingested: 3, failed: [], complete: true });
    expect(first.received).toBeGreaterThan(18_000);
    expect(first.inserted + first.quarantined).toBe(first.received);
    expect(await countBars()).toBe(first.inserted);
    await database.db.query('truncate ops.trading_day');
    const again = await run({ days: some });
    expect(again).toMatchObject({ inserted: 0, corrected: 0, unchanged: first.inserted });
  });
});
