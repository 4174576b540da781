import { DuckDBInstance } from '@duckdb/node-api';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resample } from '../../../services/resampler/resample.ts';
import { fromDays, toDays } from '../../../services/resampler/trading-date.ts';
import { changeBronze, testBar } from '../../support/change-bronze.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';

const intervals = [3, 5, 8, 13, 21, 34];
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('agrees with DuckDB, which computes the definition in SQL of its own from the same bronze', async () => {
  const symbols = ['A', 'AAPL', 'BRK.A', 'CPS', 'CpS', 'NULL', 'TRUE'];
  const first = toDays('2023-01-02');
  await database.db.transaction((client) =>
    changeBronze(
      client,
      symbols.map((symbol, index) => ({
        symbol,
        put: Array.from({ length: 30 * index + 2 }, (_, bar) =>
          testBar(fromDays(first + bar * 3), bar * 7 + index),
        ),
      })),
    ),
  );
  const deps = {
    db: database.db,
    logger: pino({ level: 'silent' }),
    publish: () => Promise.resolve(),
    signal: new AbortController().signal,
  };
  const work = { jobId: null, symbols, intervals, sessions: 1 };
  await resample(deps, work);
  await database.db.transaction((client) =>
    changeBronze(client, [
      { symbol: 'BRK.A', put: [testBar(fromDays(first + 31), 900)], remove: [fromDays(first + 9)] },
      { symbol: 'NULL', put: [testBar(fromDays(first + 60), 901)] },
    ]),
  );
  await resample(deps, work);

  const duck = await (await DuckDBInstance.create(':memory:')).connect();
  await duck.run(
    'create table bar (symbol varchar, date date, open decimal(18,6), high decimal(18,6), low decimal(18,6), close decimal(18,6), volume decimal(30,6))',
  );
  const bars = await database.db.query<Record<string, string>>(
    'select symbol, date, open, high, low, close, volume from public.raw_ohlcv',
  );
  const appender = `insert into bar values ${bars.map((bar) => `('${bar['symbol']}', '${bar['date']}', ${bar['open']}, ${bar['high']}, ${bar['low']}, ${bar['close']}, ${bar['volume']})`).join(',')}`;
  await duck.run(appender);
  for (const days of intervals) {
    const expected = await duck.runAndReadAll(
      `select symbol, min(date)::varchar as start_date, max(date)::varchar as end_date, arg_min(open, date)::double::varchar as open,
              max(high)::double::varchar as high, min(low)::double::varchar as low, arg_max(close, date)::double::varchar as close,
              sum(volume)::double::varchar as volume, count(*)::int as bar_count
         from (select *, (row_number() over (partition by symbol order by date) - 1) // ${days} as number from bar)
        group by symbol, number order by symbol, start_date`,
    );
    const stored = await database.db.query<Record<string, string>>(
      `select symbol, start_date, end_date, open, high, low, close, volume, bar_count from public.silver_${days}d order by symbol, start_date`,
    );
    const plain = (rows: readonly Record<string, unknown>[]) =>
      rows.map((row) =>
        Object.values(row).map((value) => (/^[\d.]+$/.test(String(value)) ? Number(value) : value)),
      );
    expect(plain(stored)).toEqual(plain(expected.getRowObjectsJson()));
    expect(stored.length).toBeGreaterThan(20);
  }
});
