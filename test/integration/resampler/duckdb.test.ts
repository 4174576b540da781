import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { readSamples } from '../../../services/fetcher/samples.ts';
import { importSplits } from '../../../services/fetcher/splits/import-splits.ts';
import { removeSplit } from '../../../services/fetcher/splits/remove-split.ts';
import { addInterval } from '../../../services/resampler/add-interval.ts';
import { requestRebuild } from '../../../services/resampler/rebuild.ts';
import { resample } from '../../../services/resampler/resample.ts';
import { addDays } from '../../../services/shared/calendar/day.ts';
import { readIntervals } from '../../../sql/queries/read-intervals.ts';
import { type BronzeChange, changeBronze, type TestBar } from '../../support/change-bronze.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { random } from '../../support/random.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await addInterval(database.db, 55);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.query('truncate public.raw_ohlcv, ops.symbol, ops.invalidation, ops.split');
});

async function resampleAll(): Promise<void> {
  const rows = await database.db.query<{ symbol: string }>('select symbol from ops.symbol order by symbol');
  const deps = {
    db: database.db,
    logger: pino({ level: 'silent' }),
    publish: () => Promise.resolve(),
    signal: new AbortController().signal,
  };
  const symbols = rows.map((row) => row.symbol);
  const intervals = await database.db.withClient(readIntervals);
  await resample(deps, { jobId: null, symbols, intervals, sessions: 1 });
}

const change = (...changes: BronzeChange[]) =>
  database.db.transaction((client) => changeBronze(client, changes));

const sources = { source: 'test', producer: 'cli' } as const;

/**
 * Bronze and splits as DuckDB takes them: exact up to 20 digits before the point and 8 after it, and for splits 6. More whole digits are
 * refused; more decimals would be rounded, and found to differ.
 */
async function loadDuckDb(): Promise<DuckDBConnection> {
  const duck = await (await DuckDBInstance.create(':memory:')).connect();
  const price = 'decimal(28, 8)';
  await duck.run(
    `create table bar (symbol varchar, date date, open ${price}, high ${price}, low ${price}, close ${price}, volume ${price})`,
  );
  await duck.run(
    'create table split (symbol varchar, ex_date date, split_from decimal(28, 6), split_to decimal(28, 6))',
  );
  const bars = await database.db.query<Record<string, string>>(
    'select symbol, date, open, high, low, close, volume from public.raw_ohlcv',
  );
  const splits = await database.db.query<Record<string, string>>(
    `select split.symbol, ex_date, split_from, split_to
       from ops.split join ops.symbol using (symbol) where not delivered_adjusted`,
  );
  for (const [table, rows] of Object.entries({ bar: bars, split: splits })) {
    if (rows.length === 0) continue;
    const values = rows.map(
      (row) =>
        `(${Object.values(row)
          .map((value) => `'${value}'`)
          .join(', ')})`,
    );
    await duck.run(`insert into ${table} values ${values.join(', ')}`);
  }
  await duck.run(`create table adjusted as ${adjusted()}`);
  return duck;
}

/**
 * Bars adjusted for splits, in whole numbers of 10^-8: the factor is the product of all later splits as a reduced fraction, and
 * (2 × value × new + old) // (2 × old) rounds half up, once. All of it is HUGEINT, of 128 bits, whose overflow is an error.
 */
function adjusted(): string {
  const units = (column: string) => `(${column} * 100000000)::hugeint`;
  const product = (column: string) =>
    `list_reduce(list_prepend(1::hugeint, coalesce(list((${column} * 1000000)::hugeint) filter (${column} is not null), [])), lambda a, b: a * b)`;
  const price = (column: string) =>
    `(2 * ${units(column)} * (new // shared) + old // shared) // (2 * (old // shared)) as ${column}`;
  return `
    with factor as (
      select bar.symbol, bar.date, ${product('split_from')} as new, ${product('split_to')} as old
        from bar left join split on split.symbol = bar.symbol and split.ex_date > bar.date
       group by bar.symbol, bar.date
    )
    select symbol, date, ${['open', 'high', 'low', 'close'].map(price).join(', ')},
           (2 * ${units('volume')} * (old // shared) + new // shared) // (2 * (new // shared)) as volume
      from (select bar.*, new, old, gcd(new, old) as shared from bar join factor using (symbol, date))`;
}

/** The definition in DuckDB. */
function definition(days: number): string {
  return `
    select symbol, min(date)::varchar as start_date, max(date)::varchar as end_date,
           arg_min(open, date)::varchar as open, max(high)::varchar as high, min(low)::varchar as low,
           arg_max(close, date)::varchar as close, sum(volume)::varchar as volume, count(*)::int as bar_count
      from (select *, (row_number() over (partition by symbol order by date) - 1) // ${days} as number from adjusted)
     group by symbol, number order by symbol, start_date`;
}

/** Returns how many bars were compared. */
async function expectDuckDbAgrees(): Promise<number> {
  const duck = await loadDuckDb();
  let compared = 0;
  for (const days of await database.db.withClient(readIntervals)) {
    const units = (column: string) => `trim_scale(${column} * 100000000)::text as ${column}`;
    const stored = await database.db.query(
      `select symbol, start_date, end_date, ${['open', 'high', 'low', 'close', 'volume'].map(units).join(', ')}, bar_count
         from public.silver_${days}d order by symbol, start_date`,
    );
    expect(stored).toEqual((await duck.runAndReadAll(definition(days))).getRowObjectsJson());
    compared += stored.length;
  }
  duck.closeSync();
  return compared;
}

/** Bars with up to six decimals, volumes with fractions, none and beyond 2^31. */
function randomBars(seed: number, count: number): TestBar[] {
  const next = random(seed);
  const decimals = (least: number) => (least + next(90_000_000) / 1_000_000).toFixed(next(7));
  return Array.from({ length: count }, (_, index) => ({
    date: addDays('2023-01-02', index * 3),
    open: decimals(100),
    high: decimals(200),
    low: decimals(1),
    close: decimals(100),
    volume: [String(next(1_000_000)), '0', '9876543210', `${next(10_000)}.${1 + next(9)}`][next(4)] ?? '0',
  }));
}

it('agrees with DuckDB on generated bars, changed and split', async () => {
  const symbols = ['A', 'AAPL', 'BRK.A', 'CPS', 'CpS', 'NULL', 'TRUE'];
  await change(...symbols.map((symbol, index) => ({ symbol, put: randomBars(index, 30 * index + 2) })));
  await resampleAll();
  expect(await expectDuckDbAgrees()).toBeGreaterThan(500);

  const day = (index: number) => addDays('2023-01-02', index * 3);
  const [late, corrected] = randomBars(99, 2);
  await change(
    { symbol: 'BRK.A', put: [{ ...late!, date: addDays(day(10), 1) }], remove: [day(3)] },
    { symbol: 'NULL', put: [{ ...corrected!, date: day(20) }] },
  );
  const split = (symbol: string, exDate: string, splitFrom: string, splitTo: string) => ({
    symbol,
    exDate,
    splitFrom,
    splitTo,
  });
  await importSplits(
    database.db,
    [
      split('AAPL', day(12), '1', '7'),
      split('BRK.A', day(9), '1', '4'),
      split('BRK.A', day(40), '3', '2'),
      split('CPS', day(5), '10', '1'),
      split('CPS', day(30), '1', '1.05'),
      split('CPS', day(60), '1.5', '1'),
      split('CpS', day(50), '7', '3'),
      split('CpS', day(500), '1', '3'),
      split('TRUE', day(1), '1000', '1'),
      split('TRUE', day(100), '1', '1000000'),
    ],
    sources,
  );
  await resampleAll();
  await expectDuckDbAgrees();

  await importSplits(database.db, [split('BRK.A', day(40), '2', '15')], sources);
  await removeSplit(database.db, 'CPS', day(30));
  await resampleAll();
  await expectDuckDbAgrees();
}, 180_000);

it('agrees with DuckDB on the sample bars, which splits leave alone', async () => {
  const deliveries = await readSamples();
  const bars = deliveries.flatMap(({ tradingDay, bars: some }) =>
    some.map((bar) => ({ ...bar, date: tradingDay })),
  );
  const columns = (['symbol', 'date', 'open', 'high', 'low', 'close', 'volume'] as const).map((column) =>
    bars.map((bar) => bar[column]),
  );
  await database.db.query(
    `insert into public.raw_ohlcv (symbol, date, open, high, low, close, volume)
     select * from unnest($1::text[], $2::date[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[], $7::numeric[])`,
    columns,
  );
  await database.db.query(
    `insert into ops.symbol (symbol, source, delivered_adjusted) values ('AAPL', 'sample', true), ('SPX', 'sample', true)`,
  );
  await database.db.query(`insert into ops.split values ('AAPL', '2014-06-09', 1, 7, 'test')`);
  await requestRebuild(database.db);
  await resampleAll();
  expect(await expectDuckDbAgrees()).toBeGreaterThan(5_175);

  const [bar] = randomBars(7, 1);
  await change(
    { symbol: 'AAPL', remove: ['2015-01-02'], put: [{ ...bar!, date: '2014-07-04' }] },
    { symbol: 'SPX', put: [{ ...bar!, date: '2010-05-06' }], remove: ['2000-01-03', '2020-03-09'] },
  );
  await resampleAll();
  await expectDuckDbAgrees();
}, 180_000);
