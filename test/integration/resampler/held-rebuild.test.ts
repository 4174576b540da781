import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ingestDay } from '../../../services/fetcher/ingest-day.ts';
import { requestRebuild } from '../../../services/resampler/rebuild.ts';
import { resample } from '../../../services/resampler/resample.ts';
import { verify } from '../../../services/resampler/verify.ts';
import type { Client } from '../../../services/shared/database.ts';
import { changeBronze, testBar } from '../../support/change-bronze.ts';
import { definedSilver, readModels, storedSilver } from '../../support/compare-silver.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { expectSilverIsRight } from '../../support/silver-definition.ts';

const intervals = [3, 5, 8, 13, 21, 34];
/** Of the rebuild's chunk that is held, and others. */
const held = ['AAPL', 'MSFT'];
const others = ['NEW', 'NVDA'];
const day = (index: number) => new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10);
/** Whole numbers, for the model. */
const bar = (index: number, seed: number) => {
  const low = 10 + ((7 * index + seed) % 50);
  const [open, high, close, volume] = [low + 1, low + 5 + (index % 3), low + 2, 100 + index];
  const text = { open: `${open}`, high: `${high}`, low: `${low}`, close: `${close}`, volume: `${volume}` };
  return { ...testBar(day(index)), ...text };
};

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const history = (seed: number) => Array.from({ length: 70 }, (_, index) => bar(index, seed));
  await database.db.transaction((client) =>
    changeBronze(client, [
      { symbol: 'AAPL', put: history(1) },
      { symbol: 'MSFT', put: history(2) },
      { symbol: 'NVDA', put: history(3) },
    ]),
  );
  await work([...held, ...others]);
  await expectSilverIsRight(database.db);
});
afterAll(() => database.drop());

async function work(symbols: readonly string[]) {
  const deps = {
    db: database.db,
    logger: pino({ level: 'silent' }),
    publish: () => Promise.resolve(),
    signal: new AbortController().signal,
  };
  return await resample(deps, { jobId: null, symbols, intervals, sessions: 1 });
}

const stored = (symbols: readonly string[]) =>
  database.db.withClient((client) => storedSilver(client, symbols, intervals));
const defined = (symbols: readonly string[]) =>
  database.db.withClient(async (client) => definedSilver(await readModels(client, symbols), intervals));

/** Resolves when another session waits for this one. */
async function untilHeldUp(client: Client): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const waiting = 'select from pg_stat_activity where $1 = any(pg_blocking_pids(pid))';
  while ((await database.db.query(waiting, [rows[0]?.pid])).length === 0) await sleep(5);
}

it('a rebuild held up in the middle of a chunk shows nobody half a symbol, and holds up no other', async () => {
  const before = await stored(held);
  // As somebody with psql: every bar of the two symbols is another, so that every group is.
  await database.db.query(
    'update public.raw_ohlcv set high = high + 1, close = close + 1, volume = volume + 1 where symbol = any($1)',
    [held],
  );
  await requestRebuild(database.db);
  let rebuilding: Promise<unknown> = Promise.resolve();
  await database.db.transaction(async (blocker) => {
    await blocker.query(`select from public.silver_21d where symbol = 'MSFT' for update`);
    rebuilding = work(held);
    await untilHeldUp(blocker);
    expect(await stored(held)).toEqual(before);
    expect(await verify(database.db, { symbols: held })).toMatchObject({ differing: 0, pending: held });

    const bars = others.map((symbol, position) => ({ position: position + 1, symbol, ...bar(70, position) }));
    const delivery = { source: 'test', tradingDay: day(70), adjusted: false, fingerprint: randomUUID() };
    const report = await ingestDay(
      { db: database.db },
      { ...delivery, bars, selection: others, quarantined: [] },
      { cause: 'live', correlationId: randomUUID() },
    );
    expect(report.inserted).toBe(2);
    await work(others);
    expect(await stored(others)).toEqual(await defined(others));
    expect(await stored(held)).toEqual(before);
  });
  await rebuilding;
  expect(await stored(held)).toEqual(await defined(held));
  for (const [symbol, texts] of await stored(held)) {
    expect(texts.filter((text) => before.get(symbol)?.includes(text))).toEqual([]);
  }
  expect(await database.db.query('select from ops.invalidation')).toEqual([]);
  await expectSilverIsRight(database.db);
});
