import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { writeReplay } from '../../../services/dispatcher/write-replay.ts';
import { flatFileDays } from '../../../services/fetcher/available-days.ts';
import { backfill } from '../../../services/fetcher/backfill.ts';
import { previewRetention, type RetentionWork, retain } from '../../../services/fetcher/retain.ts';
import { type Explanation, explain } from '../../../services/resampler/explain.ts';
import { verify } from '../../../services/resampler/verify.ts';
import { lockSymbols } from '../../../sql/queries/lock-symbols.ts';
import { testBar } from '../../support/change-bronze.ts';
import { exampleEvents } from '../../support/example-events.ts';
import { expectSilverIsRight } from '../../support/silver-definition.ts';
import { type CommandBench, day, dayAfter, history, startCommandBench } from './command-bench.ts';

let bench: CommandBench;
beforeAll(async () => {
  bench = await startCommandBench();
});
afterAll(() => bench.drop());
beforeEach(async () => {
  await bench.clear();
  await bench.change({ symbol: 'CPS', put: history(70) }, { symbol: 'CpS', put: history(20, 9) });
  await bench.resample();
  await bench.told();
});
afterEach(async () => {
  await bench.resample();
  await expectSilverIsRight(bench.db);
  expect(await verify(bench.db)).toMatchObject({ differing: 0, pending: [] });
  expect(await bench.wrongStates()).toEqual([]);
});

const cut = (from: string, more: Partial<RetentionWork> = {}) =>
  retain(bench.db, { from, signal: new AbortController().signal, ...more });

const states = () =>
  bench.db.query(
    `select symbol, base_ordinal as base, bar_count as bars, retained_from as "from", xmin::text from ops.symbol order by symbol`,
  );
const changes = () => bench.db.query(`select * from ops.change where kind = 'retention'`);

test('one change and one BarsRestated tell of it, and the resampler is asked for the days before', async () => {
  const retention = await cut(day(30));
  expect(retention).toMatchObject({
    symbols: 2,
    droppedSymbols: 2,
    droppedBars: 30 + 20,
    unknown: [],
    complete: true,
    changeIds: [expect.any(String)],
  });
  expect(await states()).toMatchObject([
    { symbol: 'CPS', base: 30, bars: 40, from: day(30) },
    { symbol: 'CpS', base: 20, bars: 0, from: day(30) },
  ]);
  expect(await bench.pending()).toEqual(
    ['CPS', 'CpS'].map((symbol) => ({
      symbol,
      from_date: '-infinity',
      through_date: dayAfter(29),
      reason: 'retention',
      intervals: null,
    })),
  );
  const [event, ...others] = await bench.told();
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    type: 'BarsRestated',
    metadata: { cause: 'correction', correlationId: retention.correlationId, causationId: null },
    data: { symbols: ['CPS', 'CpS'], reason: 'retention', fromDate: day(0), source: 'cli' },
  });
  expect(await changes()).toMatchObject([
    {
      event_id: event?.metadata.id,
      trading_day: null,
      counts: { retainedFrom: day(30), bars: 50, symbols: 2 },
    },
  ]);
  await bench.resample();
  expect((await bench.told()).map(({ type }) => type)).toEqual(Array(6).fill('SilverUpdated'));
});

test('the same day again and an earlier one write nothing, a later one goes on', async () => {
  await cut(day(30), { symbols: ['CPS'] });
  await bench.resample();
  await bench.told();
  const before = await states();
  for (const from of [day(30), day(7), dayAfter(29)]) {
    expect(await cut(from, { symbols: ['CPS'] })).toMatchObject({
      symbols: 0,
      droppedBars: 0,
      changeIds: [],
    });
    expect(await previewRetention(bench.db, { from, symbols: ['CPS'] })).toMatchObject({ symbols: 0 });
  }
  expect(await states()).toEqual(before);
  expect(await bench.told()).toEqual([]);
  // The others are not cut yet.
  expect(await cut(day(7))).toMatchObject({ symbols: 1, droppedSymbols: 1, droppedBars: 7 });
  expect(await cut(dayAfter(30))).toMatchObject({ symbols: 2, droppedSymbols: 2, droppedBars: 1 + 13 });
  expect(await states()).toMatchObject([
    { symbol: 'CPS', base: 31, bars: 39, from: dayAfter(30) },
    { symbol: 'CpS', base: 20, bars: 0, from: dayAfter(30) },
  ]);
});

test('one that had to wait for a later one changes nothing', async () => {
  const cuts: ReturnType<typeof cut>[] = [];
  await bench.db.transaction(async (client) => {
    await lockSymbols(client, ['CPS']);
    for (const ordinal of [40, 10]) {
      cuts.push(cut(day(ordinal)));
      await sleep(200);
    }
  });
  expect(await Promise.all(cuts)).toMatchObject([
    { symbols: 2, droppedBars: 40 + 20 },
    { symbols: 0, droppedBars: 0, changeIds: [] },
  ]);
  expect(await states()).toMatchObject([{ base: 40, from: day(40) }, { from: day(40) }]);
});

test('where there is no older bar nothing is told, and yet none is taken in any more', async () => {
  expect(await cut(day(0))).toMatchObject({ symbols: 2, droppedSymbols: 0, droppedBars: 0, changeIds: [] });
  expect(await bench.told()).toEqual([]);
  expect(await changes()).toEqual([]);
  expect(await states()).toMatchObject([{ from: day(0) }, { from: day(0) }]);
});

test('a dry run says what would go, and writes nothing', async () => {
  const before = await states();
  const request = { from: day(10), symbols: ['CPS', 'CpS', 'NONE'] };
  const preview = await previewRetention(bench.db, request);
  expect(preview).toEqual({ symbols: 2, droppedSymbols: 2, droppedBars: 20, unknown: ['NONE'] });
  expect(await states()).toEqual(before);
  expect(await bench.pending()).toEqual([]);
  expect(await retain(bench.db, { ...request, signal: new AbortController().signal })).toMatchObject(preview);
});

test('of the symbols asked for, the others are left alone, and the unknown ones named', async () => {
  const [, before] = await states();
  expect(await cut(day(10), { symbols: ['CPS', 'cps'] })).toMatchObject({ symbols: 1, unknown: ['cps'] });
  expect((await states())[1]).toEqual(before);
});

test('stopped between two batches, each symbol is cut or is not, and the same again does the rest', async () => {
  await bench.db.query(
    `insert into ops.symbol (symbol, source, bar_count, first_date, last_date)
     select 'S' || n, 'test', 2, $1, $2 from generate_series(1, 1200) n`,
    [day(0), day(1)],
  );
  await bench.db.query(
    `insert into public.raw_ohlcv (symbol, date, open, high, low, close, volume)
     select symbol, date, 1, 1, 1, 1, 1 from ops.symbol, unnest($1::date[]) as date where symbol like 'S%'`,
    [[day(0), day(1)]],
  );
  const stop = new AbortController();
  const seen: unknown[] = [];
  const first = await cut(day(1), {
    signal: stop.signal,
    onProgress: (...progress) => {
      seen.push(progress);
      stop.abort();
    },
  });
  expect(first).toMatchObject({ complete: false, symbols: 500, droppedBars: 500 });
  expect(seen).toEqual([[500, 1_202]]);
  expect(await bench.wrongStates()).toEqual([]);
  expect((await states()).filter((state) => state['from'] !== null)).toHaveLength(500);
  expect(await cut(day(1))).toMatchObject({ complete: true, symbols: 702, droppedBars: 702 });
  const told = await bench.told();
  expect(told.map(({ data }) => data.symbols.length)).toEqual([500, 500, 202]);
  expect(new Set(told.map(({ metadata }) => metadata.correlationId)).size).toBe(2);
  expect(await changes()).toHaveLength(3);
  expect(await bench.db.query(`select from ops.symbol where base_ordinal <> 1`)).toEqual([]);
  await bench.db.query(`insert into ops.invalidation (symbol, from_date, reason, change_id)
    select symbol, '-infinity', 'rebuild', 1 from ops.symbol where symbol like 'S%'`);
});

test('whenever its connection is killed, no bar is counted twice', async () => {
  for (let round = 0; round < 30; round++) {
    const retaining = cut(day(round + 1));
    await sleep(round / 3);
    await bench.db.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`,
    );
    await retaining;
    expect(await states()).toMatchObject([
      { symbol: 'CPS', base: round + 1, bars: 69 - round },
      { symbol: 'CpS', base: Math.min(round + 1, 20) },
    ]);
  }
  const bars = (await changes()).reduce(
    (sum, change) => sum + (change['counts'] as { bars: number }).bars,
    0,
  );
  expect(bars).toBe(30 + 20);
});

test('a backfill brings no dropped bar back: a known file is skipped, a changed one goes to quarantine', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fibbars-retain-'));
  const days = ['2017-01-03', '2017-01-04', '2017-01-05'];
  const write = async (tradingDay: string, ...symbols: string[]) => {
    const stamp = BigInt(Date.parse(`${tradingDay}T05:00:00Z`)) * 1_000_000n;
    const rows = symbols.map((symbol) => `${symbol},100,10,11,12,9,${stamp},7`);
    const lines = ['ticker,volume,open,close,high,low,window_start,transactions', ...rows, ''];
    await writeFile(join(folder, `${tradingDay}.csv`), lines.join('\n'));
  };
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
  try {
    for (const tradingDay of days) await write(tradingDay, 'A', 'B');
    expect(await take()).toMatchObject({ inserted: 6 });
    expect(await cut('2017-01-05', { symbols: ['A', 'B'] })).toMatchObject({ droppedBars: 4 });
    await bench.resample();
    expect(await take()).toMatchObject({ skipped: 3, received: 0 });
    await write('2017-01-04', 'B', 'A');
    await write('2017-01-05', 'B', 'A');
    const again = await take();
    expect(again).toMatchObject({ ingested: 2, inserted: 0, corrected: 0, unchanged: 2 });
    expect(again.quarantinedByReason).toEqual({ before_retention: 2 });
    expect(again.received).toBe(again.unchanged + again.quarantined);
    // A stock that nobody knew is cut by the next retention.
    await write('2017-01-03', 'C', 'A');
    expect(await take()).toMatchObject({ inserted: 1, quarantined: 1 });
    expect(
      await bench.db.query(`select symbol, date from raw_ohlcv where date < '2018-01-01' order by 1`),
    ).toEqual([
      { symbol: 'A', date: '2017-01-05' },
      { symbol: 'B', date: '2017-01-05' },
      { symbol: 'C', date: '2017-01-03' },
    ]);
  } finally {
    await rm(folder, { recursive: true });
    await bench.db.query('truncate ops.trading_day');
  }
});

test('the archive may replay days from before, and the retention itself: nothing comes back', async () => {
  await cut(day(30));
  await bench.resample();
  const [restated] = await bench.told();
  const before = await bench.written(3);
  const replay = (key: string, detail: Parameters<typeof writeReplay>[1]['detail']) =>
    writeReplay(bench.db, { kind: 'replayed', key, detail });
  const { BarsIngested: ingested, BarsRestated: example } = exampleEvents;
  const old = { ...ingested.data, tradingDay: day(3), symbols: ['CPS', 'CpS'] };
  expect(await replay('a day before', { ...ingested, data: old })).toBe(0);
  expect(await replay('a day after', { ...ingested, data: { ...old, tradingDay: day(33) } })).toBe(1);
  const data = { ...example.data, ...restated?.data, reason: 'retention' as const };
  expect(await replay('the retention', { ...example, data })).toBe(2);
  expect(await bench.resample()).toMatchObject({ symbols: 2, changedRows: 0 });
  expect(await bench.written(3)).toEqual(before);
});

test('`explain` says of what retention dropped that it did, and names it for no bar that is left', async () => {
  const ask = (symbol: string, date: string) =>
    bench.db.withClient((client) => explain(client, { symbol, days: 8, day: date }));
  const { changeIds } = await cut(day(10));
  await bench.change({ symbol: 'CPS', put: [testBar(day(20), 99)] });
  await bench.resample();
  expect(await ask('CPS', day(9))).toEqual({
    reason: `Retention keeps the bars of CPS from ${day(10)} on, and none from before`,
  });
  expect(await ask('CPS', day(10))).toEqual({
    reason: expect.stringContaining('Retention has dropped the start of the group'),
  });
  const kept = (await ask('CPS', day(20))) as Explanation;
  expect(kept).toMatchObject({ group: 2, firstOrdinal: 16, from: day(16), silver: { barCount: 8 } });
  expect(kept.changeCount).toBeGreaterThan(0);
  expect(kept.changes.map((change) => change.id)).not.toContain(changeIds[0]);
  await cut(day(70), { symbols: ['CpS'] });
  expect(await ask('CpS', day(11))).toEqual({ reason: expect.stringContaining(`from ${day(70)} on`) });
});
