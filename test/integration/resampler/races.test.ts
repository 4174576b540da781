import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resample } from '../../../services/resampler/resample.ts';
import { resampleChunk } from '../../../services/resampler/resample-chunk.ts';
import { fromDays, toDays } from '../../../services/resampler/trading-date.ts';
import { lockSymbols } from '../../../sql/queries/lock-symbols.ts';
import { takeInvalidations } from '../../../sql/queries/take-invalidations.ts';
import { type BronzeChange, changeBronze, testBar } from '../../support/change-bronze.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { type Random, random } from '../../support/random.ts';
import { expectSilverIsRight } from '../../support/silver-definition.ts';

const intervals = [3, 5, 8, 13, 21, 34];
const symbols = ['A', 'AAPL', 'CPS', 'CpS', 'MSFT', 'Z'];
const firstDay = toDays('2024-01-01');
const logger = pino({ level: 'silent' });

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

function randomChange(next: Random, newest: number): BronzeChange[] {
  const chosen = symbols.filter(() => next(2) === 0);
  return (chosen.length > 0 ? chosen : ['AAPL']).map((symbol) => {
    const date = fromDays(firstDay + next(newest));
    if (next(6) === 0) return { symbol, remove: [date] };
    return {
      symbol,
      put: [
        testBar(next(3) === 0 ? date : fromDays(firstDay + newest), next(1_000)),
        ...(next(4) === 0 ? [testBar(date, next(1_000))] : []),
      ],
    };
  });
}

const deps = (signal: AbortSignal) => ({
  db: database.db,
  logger,
  publish: () => Promise.resolve(),
  signal,
});

it('sees what a fetcher commits while it waits for the lock', async () => {
  const work = { jobId: null, symbols, intervals, sessions: 1 };
  const signal = new AbortController().signal;
  // A symbol that is known: there is no row to wait for before that.
  await database.db.transaction((client) =>
    changeBronze(client, [{ symbol: 'AAPL', put: [testBar('2022-12-30')] }]),
  );
  await resample(deps(signal), work);
  let resampling: Promise<unknown> = Promise.resolve();
  await database.db.transaction(async (client) => {
    await changeBronze(client, [{ symbol: 'AAPL', put: [testBar('2023-01-02', 5)] }]);
    resampling = database.db.transaction((other) =>
      resampleChunk(other, { runId: randomUUID(), jobId: null, symbols: ['AAPL'], intervals }),
    );
    for (;;) {
      const waiting = await database.db.query(`select from pg_stat_activity where wait_event_type = 'Lock'`);
      if (waiting.length > 0) break;
    }
  });
  expect(await resampling).toMatchObject({ symbols: 1 });
  expect(await database.db.query('select * from ops.invalidation')).toEqual([]);
  await expectSilverIsRight(database.db);
});

it('leaves for the next job what is committed after its lock was given up', async () => {
  const taken = await database.db.transaction(async (client) => {
    await lockSymbols(client, ['AAPL']);
    return await takeInvalidations(client, ['AAPL']);
  });
  expect(taken.taken).toEqual([]);
  await database.db.transaction((client) =>
    changeBronze(client, [{ symbol: 'AAPL', put: [testBar('2023-01-03', 5)] }]),
  );
  expect(await database.db.query('select symbol from ops.invalidation')).toEqual([{ symbol: 'AAPL' }]);
  await resample(deps(new AbortController().signal), { jobId: null, symbols, intervals, sessions: 1 });
  await expectSilverIsRight(database.db);
});

it('repeats a chunk whose connection is killed, at any of 40 moments', async () => {
  const next = random(3);
  for (let round = 0; round < 40; round++) {
    await database.db.transaction((client) => changeBronze(client, randomChange(next, 2_000 + round)));
    const running = resample(deps(new AbortController().signal), {
      jobId: null,
      symbols,
      intervals,
      sessions: 2,
    });
    await new Promise((resolve) => {
      setTimeout(resolve, round / 2);
    });
    await database.db.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`,
    );
    await running;
  }
  expect(await database.db.query('select * from ops.invalidation')).toEqual([]);
  await expectSilverIsRight(database.db);
});
