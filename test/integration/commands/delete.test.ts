import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { flatFileDays } from '../../../services/fetcher/available-days.ts';
import { backfill } from '../../../services/fetcher/backfill.ts';
import { deleteBar } from '../../../services/fetcher/delete-bar.ts';
import { expectSilverIsRight } from '../../support/silver-definition.ts';
import { type CommandBench, day, dayAfter, history, startCommandBench } from './command-bench.ts';

let bench: CommandBench;
beforeAll(async () => {
  bench = await startCommandBench();
});
afterAll(() => bench.drop());
beforeEach(async () => {
  await bench.clear();
  await bench.change({ symbol: 'CPS', put: history(70) }, { symbol: 'CpS', put: history(70, 9) });
  await bench.resample();
  await bench.told();
});
afterEach(async () => {
  await bench.resample();
  await expectSilverIsRight(bench.db);
  expect(await bench.pending()).toEqual([]);
  expect(await bench.wrongStates()).toEqual([]);
});

test.for([
  ['in mid-history', 31],
  ['at the start', 0],
  ['at the end', 69],
])('a deleted bar %s moves the later groups of its symbol, and no other', async ([, ordinal]) => {
  const date = day(ordinal as number);
  const restated = await deleteBar(bench.db, 'CPS', date);
  expect(restated).toMatchObject({ symbols: ['CPS'], changeId: expect.any(String) });
  expect(await bench.pending()).toEqual([
    { symbol: 'CPS', from_date: date, through_date: null, reason: 'deleted', intervals: null },
  ]);
  const other = (await bench.written(3)).filter((row) => row['symbol'] === 'CpS');
  expect((await bench.resample()).changedRows).toBeGreaterThan(0);
  expect((await bench.written(3)).filter((row) => row['symbol'] === 'CpS')).toEqual(other);
  expect(await bench.db.query(`select count(*)::int from public.raw_ohlcv where symbol = 'CPS'`)).toEqual([
    { count: 69 },
  ]);
});

test('a symbol whose only bar is deleted has no silver left', async () => {
  await bench.change({ symbol: 'ONE', put: history(1) });
  await bench.resample();
  await deleteBar(bench.db, 'ONE', day(0));
  await bench.resample();
  expect(await bench.db.query(`select * from public.silver_3d where symbol = 'ONE'`)).toEqual([]);
  expect(await bench.db.query(`select first_date, last_date from ops.symbol where symbol = 'ONE'`)).toEqual([
    { first_date: null, last_date: null },
  ]);
});

test('all bars deleted one by one, newest first and oldest first, leave nothing', async () => {
  await bench.change({ symbol: 'FEW', put: history(7) });
  for (const ordinal of [6, 0, 5, 1, 4, 2, 3]) {
    await deleteBar(bench.db, 'FEW', day(ordinal));
    await bench.resample();
    await expectSilverIsRight(bench.db);
  }
});

test('one BarsRestated tells of it, with the id of the change', async () => {
  const { eventIds, correlationId, changeId } = await deleteBar(bench.db, 'CPS', day(31));
  const [event, ...others] = await bench.told();
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    type: 'BarsRestated',
    metadata: { id: eventIds[0], correlationId, causationId: null, cause: 'correction', producer: 'cli' },
    data: { symbols: ['CPS'], reason: 'delete', fromDate: day(31), source: 'cli' },
  });
  expect(
    await bench.db.query(
      `select id::text, kind, cause, event_id, trading_day from ops.change order by change.id desc limit 1`,
    ),
  ).toEqual([
    { id: changeId, kind: 'delete', cause: 'correction', event_id: eventIds[0], trading_day: day(31) },
  ]);
});

test.for([
  ['on a day without one', 'CPS', dayAfter(3)],
  ['of a symbol that is unknown', 'cps', day(3)],
])('a bar %s cannot be deleted: nothing is written or told', async ([, symbol, date]) => {
  const before = await bench.db.query('select count(*) from ops.change');
  expect(await deleteBar(bench.db, symbol as string, date as string)).toMatchObject({
    changeId: null,
    symbols: [],
    eventIds: [],
  });
  expect(await bench.db.query('select count(*) from ops.change')).toEqual(before);
  expect(await bench.told()).toEqual([]);
  expect(await bench.db.query(`select symbol from ops.symbol order by 1`)).toEqual([
    { symbol: 'CPS' },
    { symbol: 'CpS' },
  ]);
});

test('a backfill that meets the same file again does not bring a deleted bar back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fibbars-delete-'));
  try {
    await writeFile(
      join(folder, '2017-01-03.csv'),
      'ticker,volume,open,close,high,low,window_start,transactions\nOLD,100,10,11,12,9,1483419600000000000,7\n',
    );
    const take = async () =>
      await backfill(
        { db: bench.db, logger: pino({ level: 'silent' }), publish: () => Promise.resolve() },
        {
          source: 'flatfiles',
          days: await flatFileDays(folder, {}),
          cause: 'backfill',
          signal: new AbortController().signal,
        },
      );
    expect(await take()).toMatchObject({ inserted: 1 });
    await deleteBar(bench.db, 'OLD', '2017-01-03');
    expect(await take()).toMatchObject({ skipped: 1, inserted: 0 });
    expect(await bench.db.query(`select * from public.raw_ohlcv where symbol = 'OLD'`)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
