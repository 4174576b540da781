/** A connection breaks while COMMIT is on its way, and the server commits only after it was asked whether it had. */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Delivery } from '../../../services/fetcher/bar.ts';
import { deleteBar } from '../../../services/fetcher/delete-bar.ts';
import { ingestDay } from '../../../services/fetcher/ingest-day.ts';
import { validateBars } from '../../../services/fetcher/validate-bars.ts';
import { addInterval } from '../../../services/resampler/add-interval.ts';
import { requestRebuild } from '../../../services/resampler/rebuild.ts';
import { resample } from '../../../services/resampler/resample.ts';
import { type Database, openDatabase } from '../../../services/shared/database.ts';
import { readIntervals } from '../../../sql/queries/read-intervals.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { type LateCommitProxy, startLateCommitProxy } from '../../support/late-commit-proxy.ts';
import { expectSilverIsRight } from '../../support/silver-definition.ts';

const symbols = ['AA', 'BB'];
const day = (index: number) => `2024-01-0${index + 1}`;

let database: TestDatabase;
let proxy: LateCommitProxy;
/** Through the proxy. */
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startLateCommitProxy(database.url);
  db = openDatabase({ connectionString: proxy.url });
  for (let index = 0; index < 5; index++) await ingest(database.db, day(index));
  await work(database.db);
});
afterAll(async () => {
  await db.close();
  await proxy.close();
  await database.drop();
});
beforeEach(() => proxy.arm());

async function ingest(of: Database, tradingDay: string): Promise<void> {
  const rows = symbols.map((symbol, index) => {
    return { position: index + 1, symbol, open: '1', high: '2', low: '1', close: '1', volume: '5' };
  });
  const delivery: Delivery = {
    source: 'test',
    tradingDay,
    adjusted: false,
    fingerprint: tradingDay,
    ...validateBars(rows),
  };
  await ingestDay({ db: of }, delivery, { cause: 'live', correlationId: randomUUID() });
}

async function work(of: Database) {
  const intervals = await database.db.withClient(readIntervals);
  const deps = {
    db: of,
    logger: pino({ level: 'silent' }),
    publish: () => Promise.resolve(),
    signal: new AbortController().signal,
  };
  return await resample(deps, { jobId: null, symbols, intervals, sessions: 1 });
}

async function expectSettled(): Promise<void> {
  await work(database.db);
  await expectSilverIsRight(database.db);
  expect(await database.db.query('select from ops.invalidation')).toHaveLength(0);
}

const changes = (kind: string) => database.db.query('select from ops.change where kind = $1', [kind]);

test('a rebuild is asked for once, and says so', async () => {
  expect(await requestRebuild(db)).toMatchObject({ changeId: expect.any(String), symbols });
  expect(await changes('rebuild')).toHaveLength(1);
  await expectSettled();
});

test('an interval is added, and not said to have been there', async () => {
  expect(await addInterval(db, 4)).toMatchObject({ changeId: expect.any(String), symbols });
  await expectSettled();
});

test('a bar is deleted, and not said to have been gone', async () => {
  expect(await deleteBar(db, 'AA', day(3))).toMatchObject({ changeId: expect.any(String), symbols: ['AA'] });
  expect(await changes('delete')).toHaveLength(1);
  await expectSettled();
});

test('a day is taken in once', async () => {
  await ingest(db, day(5));
  expect(await database.db.query('select from raw_ohlcv where date = $1', [day(5)])).toHaveLength(2);
  await expectSettled();
});

test('a chunk is worked in, also when another day comes meanwhile', async () => {
  await ingest(database.db, day(6));
  proxy.arm();
  const worked = work(db);
  const another = ingest(database.db, day(7));
  await Promise.all([worked, another]);
  await expectSettled();
});
