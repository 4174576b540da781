/**
 * Resamplers beside fetchers on the same symbols, some of them on slow connections. Whatever the order in which they come, each
 * chunk leaves its symbols as a recomputation of the bronze of that moment, and in the end nothing is left to do.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resample } from '../../../services/resampler/resample.ts';
import type { Client, Database } from '../../../services/shared/database.ts';
import { definedSilver, readModels, type SilverTexts, storedSilver } from '../../support/compare-silver.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { type Random, random } from '../../support/random.ts';
import { RandomFetcher } from '../../support/random-fetcher.ts';
import { expectSilverIsRight } from '../../support/silver-definition.ts';
import { slowDatabase } from '../../support/slow-database.ts';

const rounds = Number(process.env['FIBBARS_TEST_ROUNDS'] ?? 1_000);
/** After so many the market starts anew, so that histories stay short. */
const roundsPerMarket = 25;
/** Two show a race as six do, in half the time. */
const intervals = [3, 8];
const symbols = 'A AA AAPL BRK-A BRK.A BRK.B C CPS CpS F GE NAN NULL ON TRUE Z ZZ a b null'.split(' ');

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.query('delete from ops.interval where days <> all($1)', [intervals]);
});
afterAll(() => database.drop());

/** Every silver that a recomputation gave at some moment, by symbol. */
const recomputed = new Map<string, Set<string>>();
let retries = 0;

async function recompute(client: Client, some: readonly string[]): Promise<SilverTexts> {
  const defined = definedSilver(await readModels(client, some), intervals);
  for (const [symbol, bars] of defined) recomputed.get(symbol)?.add(bars.join('\n'));
  return defined;
}

/** Of the symbols that the transaction has worked in. */
async function expectChunkIsRight(client: Client): Promise<void> {
  const { rows } = await client.query<{ symbol: string }>(
    'select unnest(symbols) as symbol from ops.run where xmin = pg_current_xact_id()::xid',
  );
  if (rows.length === 0) return;
  const worked = rows.map((row) => row.symbol);
  expect(await storedSilver(client, worked, intervals)).toEqual(await recompute(client, worked));
}

async function expectSomeState(): Promise<void> {
  const stored = await database.db.transaction((client) => storedSilver(client, symbols, intervals), {
    isolation: 'repeatable read',
    readOnly: true,
  });
  for (const [symbol, bars] of stored) expect(recomputed.get(symbol)).toContain(bars.join('\n'));
}

/** Half of the connections are held up: up to 11 ms before one of the first 16 statements. */
function connection(next: Random, beforeCommit?: (client: Client) => Promise<void>): Database {
  const isSlow = next(2) === 0;
  return slowDatabase(database.db, {
    pause: () => ({ statement: next(16), ms: isSlow ? next(12) : 0 }),
    ...(beforeCommit && { beforeCommit }),
    onRetry: () => retries++,
  });
}

async function work(db: Database, some: readonly string[]): Promise<void> {
  const deps = {
    db,
    logger: pino({ level: 'silent' }),
    publish: () => Promise.resolve(),
    signal: new AbortController().signal,
  };
  await resample(deps, { jobId: null, symbols: some, intervals, sessions: 1 });
}

async function race(fetcher: RandomFetcher, next: Random): Promise<void> {
  const fetching = new Set([1, 2]);
  const fetch = async (id: number) => {
    await fetcher.step(connection(next), next);
    fetching.delete(id);
  };
  const keepWorking = async () => {
    const db = connection(next, expectChunkIsRight);
    const mine = next(3) === 0 ? symbols : symbols.filter(() => next(2) === 0);
    while (fetching.size > 0) {
      await work(db, mine);
      await sleep(next(8));
    }
    await work(db, mine);
  };
  const read = async () => {
    await sleep(next(20));
    await expectSomeState();
  };
  const resamplers = 2 + Math.min(next(7), next(7), next(7));
  await Promise.all([fetch(1), fetch(2), read(), ...Array.from({ length: resamplers }, keepWorking)]);
}

it(
  `${rounds} rounds of two to eight resamplers beside two fetchers leave silver right and nothing pending`,
  async () => {
    const deadlocksBefore = await deadlocks();
    let fetcher = new RandomFetcher(symbols);
    for (let round = 0; round < rounds; round++) {
      if (round % roundsPerMarket === 0) {
        await emptyTables();
        fetcher = new RandomFetcher(symbols);
      }
      await race(fetcher, random(round));
      expect(retries).toBe(0);
      await work(database.db, symbols);
      await database.db.withClient(async (client) => {
        expect(await storedSilver(client, symbols, intervals)).toEqual(await recompute(client, symbols));
        expect((await client.query('select * from ops.invalidation')).rows).toEqual([]);
      });
      if (round % roundsPerMarket === roundsPerMarket - 1) await expectSilverIsRight(database.db);
    }
    // The statistics of a session are published with some delay.
    await sleep(1_500);
    expect(await deadlocks()).toBe(deadlocksBefore);
  },
  120_000 + rounds * 500,
);

async function emptyTables(): Promise<void> {
  await database.db.query(
    `truncate public.raw_ohlcv, ops.symbol, ops.change, ops.outbox, ops.run, ops.split, ops.invalidation, ops.trading_day,
       ${intervals.map((days) => `public.silver_${days}d`).join(', ')}`,
  );
  for (const symbol of symbols) recomputed.set(symbol, new Set(['']));
}

async function deadlocks(): Promise<string | undefined> {
  const rows = await database.db.query<{ deadlocks: string }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  return rows[0]?.deadlocks;
}
