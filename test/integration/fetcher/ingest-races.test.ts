import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Delivery } from '../../../services/fetcher/bar.ts';
import { ingestDay } from '../../../services/fetcher/ingest-day.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';

const correlationId = 'c1a7d3f4-52b7-4f59-8f2d-0f4c4f0b7f02';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

function delivery(tradingDay: string, symbols: string[], source = 'test', close = '10'): Delivery {
  const bars = symbols.map((symbol, index) => {
    return { position: index + 1, symbol, open: '10', high: '12', low: '9', close, volume: '100' };
  });
  return {
    source,
    tradingDay,
    adjusted: false,
    fingerprint: `${source} ${tradingDay} ${close}`,
    bars,
    quarantined: [],
  };
}

const ingest = (what: Delivery, prune = false) =>
  ingestDay({ db: database.db }, what, { cause: 'backfill', correlationId, prune });

test('a day that two ingests take in at once is inserted once and told of once', async () => {
  for (let round = 0; round < 30; round++) {
    const symbols = Array.from({ length: 20 }, (_, index) => `T${round}-${index}`);
    const reports = await Promise.all([
      ingest(delivery('2024-01-02', symbols, `twice${round}`)),
      ingest(delivery('2024-01-02', symbols.toReversed(), `twice${round}`)),
    ]);
    expect(reports.map((report) => report.inserted).toSorted()).toEqual([0, 20]);
    expect(reports.filter((report) => report.eventId !== null)).toHaveLength(1);
  }
});

test('two fetchers on overlapping symbols never wait for each other, in 200 rounds', async () => {
  const before = await deadlocks();
  const pool = Array.from({ length: 60 }, (_, index) => `R${String(index).padStart(2, '0')}`);
  for (let round = 0; round < 200; round++) {
    // Half of them new in each round, delivered in no order, so that making rows races as well as locking them.
    const pick = () =>
      pool
        .map((symbol, index) => (index % 2 === 0 ? symbol : `${symbol}-${round}`))
        .filter(() => Math.random() < 0.6)
        .toSorted(() => Math.random() - 0.5);
    const day = new Date(Date.UTC(2024, 0, 1 + round)).toISOString().slice(0, 10);
    const [first, second] = [pick(), pick()];
    await Promise.all([
      ingest(delivery(day, first, 'one', '10'), round % 5 === 0),
      ingest(delivery(day, second, 'two', '11'), round % 7 === 0),
    ]);
  }
  // The statistics of a session are published with some delay.
  await new Promise((resolve) => {
    setTimeout(resolve, 1_500);
  });
  expect(await deadlocks()).toBe(before);
  expect(await wrongStates()).toEqual([]);
});

async function deadlocks(): Promise<string | undefined> {
  const rows = await database.db.query<{ deadlocks: string }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  return rows[0]?.deadlocks;
}

async function wrongStates(): Promise<unknown[]> {
  return await database.db.query(
    `select state.symbol
       from ops.symbol state
       left join (select symbol, count(*) as bars, min(date) as first, max(date) as last
                    from raw_ohlcv group by symbol) bar using (symbol)
      where (state.bar_count, state.first_date, state.last_date)
            is distinct from (coalesce(bar.bars, 0), bar.first, bar.last)`,
  );
}
