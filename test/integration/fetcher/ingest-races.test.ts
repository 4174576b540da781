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
    const symbols = Array.from({ length: 300 }, (_, index) => `T${round}-${index}`);
    const source = `twice${round}`;
    // The second time the rows of the symbols are there, so that nothing but their locks stands between the two.
    for (const day of ['2024-01-02', '2024-01-03']) {
      const reports = await Promise.all([
        ingest(delivery(day, symbols, source)),
        ingest(delivery(day, symbols.toReversed(), source)),
      ]);
      expect(reports.map((report) => report.inserted).toSorted((a, b) => a - b)).toEqual([0, 300]);
      expect(reports.filter((report) => report.eventId !== null)).toHaveLength(1);
    }
  }
  expect(await wrongStates()).toEqual([]);
});

test('two fetchers on overlapping symbols never wait for each other, in 200 rounds', async () => {
  const before = await deadlocks();
  // Enough that the two are locking at the same time, not one after the other.
  const pool = Array.from({ length: 1_000 }, (_, index) => `R${String(index).padStart(3, '0')}`);
  await ingest(delivery('2023-12-29', pool, 'one'));
  for (let round = 0; round < 200; round++) {
    // In every second round some are new, so that making rows races as well; delivered in no order.
    const pick = () =>
      pool
        .map((symbol, index) => (round % 2 === 0 && index % 10 === 0 ? `${symbol}-${round}` : symbol))
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
}, 180_000);

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
