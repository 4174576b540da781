import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BarsIngested } from '../../../events/bars-ingested.ts';
import type { BarsRestated } from '../../../events/bars-restated.ts';
import { writeReplay } from '../../../services/dispatcher/write-replay.ts';
import { deleteBar } from '../../../services/fetcher/delete-bar.ts';
import { ingestDay } from '../../../services/fetcher/ingest-day.ts';
import { importSplits } from '../../../services/fetcher/splits/import-splits.ts';
import { addInterval } from '../../../services/resampler/add-interval.ts';
import { requestRebuild } from '../../../services/resampler/rebuild.ts';
import { resample } from '../../../services/resampler/resample.ts';
import { addDays } from '../../../services/shared/calendar/day.ts';
import { testBar } from '../../support/change-bronze.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { expectSilverIsRight } from '../../support/silver-definition.ts';

const intervals = [3, 5, 8, 13, 21, 34, 55];
const symbols = ['AAPL', 'CPS', 'CpS', 'MSFT'];
const day = (index: number) => addDays('2024-01-01', index);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  for (let index = 0; index < 60; index++) await deliver(index, symbols);
  await resampleAll();
  await addInterval(db, 55);
  // Late bars, a correction, a bar that goes, splits: whatever an event may be about.
  await deliver(70, ['AAPL', 'MSFT']);
  await deliver(65, ['MSFT']);
  await deliver(30, ['CPS'], 500);
  await deleteBar(db, 'CpS', day(10));
  const split = (exDate: string, splitFrom: string, splitTo: string) => ({
    symbol: 'AAPL',
    exDate,
    splitFrom,
    splitTo,
  });
  await importSplits(db, [split(day(20), '1', '7'), split(day(50), '3', '2'), split(day(90), '1', '1.05')], {
    source: 'test',
    producer: 'cli',
  });
  await resampleAll();
  await expectSilverIsRight(db);
});
afterAll(() => database.drop());

async function deliver(index: number, some: readonly string[], seed = 0): Promise<void> {
  const bars = some.map((symbol, position) => ({
    position: position + 1,
    symbol,
    ...testBar(day(index), 31 * index + position + seed),
  }));
  const delivery = { source: 'test', tradingDay: day(index), adjusted: false, fingerprint: randomUUID() };
  await ingestDay(
    { db: database.db },
    { ...delivery, bars, selection: some, quarantined: [] },
    { cause: 'live', correlationId: randomUUID() },
  );
}

async function resampleAll() {
  const deps = {
    db: database.db,
    logger: pino({ level: 'silent' }),
    publish: () => Promise.resolve(),
    signal: new AbortController().signal,
  };
  return await resample(deps, { jobId: null, symbols, intervals, sessions: 1 });
}

/** Which version of which row each table has, and where: another after every write, of the same values too. */
async function written(): Promise<Map<number, object[]>> {
  const tables = new Map<number, object[]>();
  for (const days of intervals) {
    const rows = await database.db.query(
      `select xmin::text, ctid::text, bar from public.silver_${days}d bar order by symbol, start_date`,
    );
    expect(rows.length).toBeGreaterThan(symbols.length);
    tables.set(days, rows);
  }
  return tables;
}

it('a replay of every event leaves the rows of every interval untouched, and tells of it', async () => {
  const before = await written();
  const events = await database.db.query<{ detail: BarsIngested | BarsRestated }>(
    `delete from ops.outbox where detail_type in ('BarsIngested', 'BarsRestated') returning detail`,
  );
  expect(events.length).toBeGreaterThan(60);
  for (const { detail } of events) {
    const key = `${detail.metadata.idempotencyKey} once more`;
    expect(await writeReplay(database.db, { kind: 'replayed', key, detail })).toBeGreaterThan(0);
  }
  await database.db.query('delete from ops.outbox');
  expect(await resampleAll()).toMatchObject({ symbols: symbols.length, changedRows: 0 });
  expect(await written()).toEqual(before);
  const told = await database.db.query(
    `select (detail -> 'data' ->> 'interval')::int as days, detail -> 'metadata' ->> 'cause' as cause,
            (detail -> 'data' ->> 'changedRows')::int as rows from ops.outbox order by 1`,
  );
  expect(told).toEqual(intervals.map((days) => ({ days, cause: 'replay', rows: 0 })));
});

it('a rebuild leaves the rows of every interval untouched, and tells of no new silver', async () => {
  const before = await written();
  await requestRebuild(database.db);
  await database.db.query('delete from ops.outbox');
  expect(await resampleAll()).toMatchObject({ symbols: symbols.length, changedRows: 0 });
  expect(await written()).toEqual(before);
  expect(await database.db.query('select from ops.outbox')).toEqual([]);
});

it('a rebuild over one wrong row in each table writes that row alone', async () => {
  const before = await written();
  for (const days of intervals) {
    await database.db.query(
      `update public.silver_${days}d set volume = volume + 1 where symbol = 'CPS' and bar_count = $1 and start_date < $2`,
      [days, day(days)],
    );
  }
  await requestRebuild(database.db);
  expect(await resampleAll()).toMatchObject({ changedRows: intervals.length });
  const after = await written();
  for (const days of intervals) {
    const rows = before.get(days)!;
    expect(after.get(days)!.filter((row, index) => !equal(row, rows[index]!))).toHaveLength(1);
  }
  await expectSilverIsRight(database.db);
});

function equal(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
