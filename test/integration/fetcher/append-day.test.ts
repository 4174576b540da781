/** A backfill, whose days note what earlier ones have not noted yet. */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { BackfillMemory } from '../../../services/fetcher/backfill-memory.ts';
import type { Delivery } from '../../../services/fetcher/bar.ts';
import { ingestDay } from '../../../services/fetcher/ingest-day.ts';
import { SeriesConflictError } from '../../../services/fetcher/series-conflict-error.ts';
import { validateBars } from '../../../services/fetcher/validate-bars.ts';
import { explain } from '../../../services/resampler/explain.ts';
import { resample } from '../../../services/resampler/resample.ts';
import { fromDays, toDays } from '../../../services/resampler/trading-date.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { expectSilverIsRight } from '../../support/silver-definition.ts';

const intervals = [3, 5, 8, 13, 21, 34];
const day = (index: number) => fromDays(toDays('2024-01-01') + index);

let database: TestDatabase;
let memory: BackfillMemory;
let correlationId: string;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  memory = new BackfillMemory(1);
  correlationId = randomUUID();
  await database.db.query(
    `truncate raw_ohlcv, ops.symbol, ops.change, ops.invalidation, ops.outbox, ops.quarantine, ops.trading_day, ops.run,
       silver_3d, silver_5d, silver_8d, silver_13d, silver_21d, silver_34d`,
  );
});

function delivery(tradingDay: string, symbols: readonly string[], more: Partial<Delivery> = {}): Delivery {
  const seed = Number(tradingDay.replaceAll('-', '')) % 89;
  const rows = symbols.map((symbol, index) => {
    const [open, high, low] = [100 + seed + index, 200 + (seed % 31), 50 + (seed % 17)].map(String);
    return { position: index + 1, symbol, open, high, low, close: open, volume: String(seed) };
  }) as Parameters<typeof validateBars>[0];
  const fingerprint = `${tradingDay} ${symbols.length}`;
  return { source: 'test', tradingDay, adjusted: false, fingerprint, ...validateBars(rows), ...more };
}

const ingest = (what: Delivery, of = memory) =>
  ingestDay({ db: database.db, memory: of }, what, { cause: 'backfill', correlationId });
const pending = async () =>
  (
    await database.db.query<{ text: string }>(
      `select concat_ws(' ', symbol, from_date, reason) as text from ops.invalidation order by id`,
    )
  ).map((row) => row.text);
async function work(symbols: readonly string[]): Promise<void> {
  await resample(
    {
      db: database.db,
      logger: pino({ level: 'silent' }),
      publish: () => Promise.resolve(),
      signal: new AbortController().signal,
    },
    { jobId: null, symbols, intervals, sessions: 2 },
  );
}
const wrongStates = () =>
  database.db.query(
    `select symbol from ops.symbol state
      cross join lateral (select count(*)::int as bars, min(date) as first, max(date) as last
                            from raw_ohlcv bar where bar.symbol = state.symbol) found
      where (bar_count, first_date, last_date) is distinct from (found.bars, found.first, found.last)`,
  );

test('a series is noted once, from its first day of the backfill on, and each day tells its event', async () => {
  for (let index = 0; index < 10; index++) {
    const symbols = index < 5 ? ['A', 'B'] : ['A', 'B', 'C'];
    expect(await ingest(delivery(day(index), symbols))).toMatchObject({ inserted: symbols.length });
  }
  expect(await pending()).toEqual([`A ${day(0)} appended`, `B ${day(0)} appended`, `C ${day(5)} appended`]);
  expect(
    await database.db.query(
      'select (select count(*)::int from ops.outbox), (select count(*)::int as days from ops.trading_day)',
    ),
  ).toEqual([{ count: 10, days: 10 }]);
  expect(await wrongStates()).toEqual([]);
  await work(['A', 'B', 'C']);
  await expectSilverIsRight(database.db);
  expect(await database.db.query('select cardinality(change_ids) as changes from ops.run')).toEqual([
    { changes: 10 },
  ]);
});

test('a bar is explained by all of its days, pending and worked in', async () => {
  for (let index = 0; index < 4; index++) await ingest(delivery(day(index), ['A', 'B']));
  const explained = async () => {
    const found = await database.db.withClient((client) =>
      explain(client, { symbol: 'A', days: 3, day: day(1) }),
    );
    return 'changes' in found
      ? found.changes.map(({ tradingDay, pending: waits }) => [tradingDay, waits])
      : [];
  };
  expect(await explained()).toEqual([2, 1, 0].map((index) => [day(index), true]));
  await work(['A', 'B']);
  expect(await explained()).toEqual([2, 1, 0].map((index) => [day(index), false]));
});

test('what was worked in meanwhile is noted again', async () => {
  for (const index of [0, 1]) await ingest(delivery(day(index), ['A', 'B']));
  await work(['B']);
  expect(await pending()).toEqual([`A ${day(0)} appended`]);
  await ingest(delivery(day(2), ['A', 'B']));
  await ingest(delivery(day(3), ['A', 'B']));
  expect(await pending()).toEqual([`A ${day(0)} appended`, `B ${day(2)} appended`]);
  await work(['A', 'B']);
  await expectSilverIsRight(database.db);
});

test('a delivery is taken as ever when a bar of it is not newer than all that is stored', async () => {
  for (const index of [0, 1, 4]) await ingest(delivery(day(index), ['A', 'B']));
  await ingest(delivery(day(9), ['Z']), new BackfillMemory(1));
  expect(await ingest(delivery(day(5), ['A', 'Z', '?']))).toMatchObject({
    inserted: 2,
    quarantined: { bad_symbol: 1 },
  });
  expect((await pending()).slice(-2)).toEqual([`A ${day(5)} appended`, `Z ${day(5)} inserted`]);
  expect(await wrongStates()).toEqual([]);
  await ingest(delivery(day(6), ['A', 'B']));
  await work(['A', 'B', 'Z']);
  await expectSilverIsRight(database.db);
});

test('a stored bar that the day lacks is missing, although no earlier delivery of that day is known', async () => {
  await ingest(delivery(day(0), ['A', 'B', 'C']));
  await ingest(delivery(day(1), ['C']), new BackfillMemory(1));
  expect(await ingest(delivery(day(1), ['A', 'B']))).toMatchObject({ inserted: 2, missing: 1 });
  await ingest(delivery(day(2), ['C']), new BackfillMemory(1));
  const pruned = { cause: 'backfill', correlationId, prune: true } as const;
  expect(await ingestDay({ db: database.db, memory }, delivery(day(2), ['A', 'B']), pruned)).toMatchObject({
    inserted: 2,
    deleted: 1,
  });
  expect(await wrongStates()).toEqual([]);
});

test('bad rows go to quarantine, and a day of nothing but bad rows is told', async () => {
  await ingest(delivery(day(0), ['A']));
  expect(await ingest(delivery(day(1), ['A', '?']))).toMatchObject({
    inserted: 1,
    quarantined: { bad_symbol: 1 },
  });
  expect((await ingest(delivery(day(2), ['?']))).eventId).not.toBeNull();
  expect(
    await database.db.query('select trading_day::text, symbol, reason from ops.quarantine order by 1'),
  ).toEqual([1, 2].map((index) => ({ trading_day: day(index), symbol: '?', reason: 'bad_symbol' })));
});

test('an adjusted series and one that is not never become one, and retention keeps old bars out', async () => {
  for (const index of [0, 1]) await ingest(delivery(day(index), ['A', 'B']));
  await expect(ingest(delivery(day(2), ['A', 'C'], { source: 'other', adjusted: true }))).rejects.toThrow(
    SeriesConflictError,
  );
  expect(await wrongStates()).toEqual([]);
  await database.db.query(`update ops.symbol set retained_from = $1 where symbol = 'B'`, [day(7)]);
  expect(await ingest(delivery(day(2), ['A', 'B']))).toMatchObject({
    inserted: 1,
    quarantined: { before_retention: 1 },
  });
});

test('beside jobs that take what is pending, none of it is lost, and every change is known to a run', async () => {
  const symbols = Array.from({ length: 60 }, (_, index) => `S${index}`);
  const done = new AbortController();
  const job = async () => {
    while (!done.signal.aborted) await work(symbols.filter(() => Math.random() < 0.5));
  };
  const jobs = [job(), job()];
  for (let index = 0; index < 80; index++) {
    await ingest(
      delivery(
        day(index),
        symbols.filter((_, at) => at < 30 || (at + index) % 7 !== 0),
      ),
    );
  }
  done.abort();
  await Promise.all(jobs);
  await work(symbols);
  expect(await pending()).toEqual([]);
  expect(await wrongStates()).toEqual([]);
  await expectSilverIsRight(database.db);
  expect(
    await database.db.query(
      'select id from ops.change where not exists (select from ops.run where change.id = any(change_ids))',
    ),
  ).toEqual([]);
});

test('two backfills of overlapping symbols never wait for each other', async () => {
  const deadlocks = () =>
    database.db.query('select deadlocks from pg_stat_database where datname = current_database()');
  const before = await deadlocks();
  const pool = Array.from({ length: 400 }, (_, index) => `R${String(index).padStart(3, '0')}`);
  const other = new BackfillMemory(1);
  for (let round = 0; round < 60; round++) {
    const pick = () => pool.filter(() => Math.random() < 0.6).toSorted(() => Math.random() - 0.5);
    await Promise.all([
      ingest(delivery(day(2 * round), pick())),
      ingest(delivery(day(2 * round + 1), pick(), { source: 'two' }), other),
    ]);
  }
  // The statistics of a session are published with some delay.
  await new Promise((resolve) => {
    setTimeout(resolve, 1_200);
  });
  expect(await deadlocks()).toEqual(before);
  expect(await wrongStates()).toEqual([]);
});
