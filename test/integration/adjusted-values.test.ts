import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { importSplits } from '../../services/fetcher/splits/import-splits.ts';
import { resample } from '../../services/resampler/resample.ts';
import { verify } from '../../services/resampler/verify.ts';
import { type Migration, migrations } from '../../sql/generated/migrations.ts';
import { migrate } from '../../sql/migrate.ts';
import { readIntervals } from '../../sql/queries/read-intervals.ts';
import { changeBronze } from '../support/change-bronze.ts';
import { createTestDatabase, type TestDatabase } from '../support/create-test-database.ts';
import { expectSilverIsRight } from '../support/silver-definition.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it.each([
  ['a third, rounded up', '10', '2', '3', '6.66666667'],
  ['a third, rounded down', '10', '1', '3', '3.33333333'],
  ['a half at the ninth decimal, rounded up', '0.00000001', '1', '2', '0.00000001'],
  ['the same from above', '0.00000003', '1', '2', '0.00000002'],
  ['no trailing zeros', '10.00', '1', '4', '2.5'],
  ['a factor of 1: all decimals', '1.1234567890123', '7', '7', '1.1234567890123'],
  ['a factor of 1 by value', '1.10', '1.50', '1.5', '1.10'],
  ['a price that would be 0', '0.0001', '1', '1000000', '0.00000001'],
  ['just below half of the last decimal', '0.0000000049', '1', '1.1', '0.00000001'],
  ['a volume of 0', '0', '1', '4', '0'],
  ['more than a double holds', '9007199254740993.5', '3', '2', '13510798882111490.25'],
])('adjusts %s', async (_what, value, numerator, denominator, expected) => {
  expect(
    await database.db.query('select ops.adjust($1, $2, $3)::text as adjusted', [
      value,
      numerator,
      denominator,
    ]),
  ).toEqual([{ adjusted: expected }]);
});

it('is nothing without a value or a factor', async () => {
  expect(
    await database.db.query(
      'select ops.adjust(null, 1, 2) as a, ops.adjust(1, null, 2) as b, ops.adjust(1, 2, null) as c, ops.adjust(0, 2, 3)::text as d',
    ),
  ).toEqual([{ a: null, b: null, c: null, d: '0' }]);
});

const days = ['2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05', '2024-01-08', '2024-01-09'];
const bars = days.map((date) => ({
  date,
  open: '0.0001234567891',
  high: '0.0002',
  low: '0.0001',
  close: '0.00015',
  volume: '100.123456789',
}));

async function work(): Promise<void> {
  const { db } = database;
  const symbols = await db.query<{ symbol: string }>('select distinct symbol from ops.invalidation');
  const signal = new AbortController().signal;
  await resample(
    { db, logger: pino({ level: 'silent' }), publish: () => Promise.resolve(), signal },
    {
      jobId: null,
      symbols: symbols.map((row) => row.symbol),
      intervals: await db.withClient(readIntervals),
      sessions: 1,
    },
  );
}

const opens = async () =>
  (
    await database.db.query<{ open: string; low: string; volume: string }>(
      'select open::text, low::text, volume::text from silver_3d order by start_date',
    )
  ).map(({ open, low, volume }) => [open, low, volume]);
const split = (exDate: string, splitFrom: string, splitTo: string) => ({
  symbol: 'TINY',
  exDate,
  splitFrom,
  splitTo,
});
const asTraded = ['0.0001234567891', '0.0001', '300.370370367'];

it('splits that undo one another leave silver as traded, between them and after them too', async () => {
  await database.db.transaction((client) => changeBronze(client, [{ symbol: 'TINY', put: bars }]));
  await importSplits(database.db, [split('2024-01-05', '1', '7'), split('2024-01-10', '7', '1')], {
    source: 'test',
    producer: 'cli',
  });
  await work();
  expect(await opens()).toEqual([asTraded, ['0.00086420', '0.0007', '42.91005291'].map(withoutZeros)]);
  await expectSilverIsRight(database.db);
  expect(await verify(database.db)).toMatchObject({ differing: 0, pending: [] });
});

it('no price of silver becomes 0, by however much a stock was split', async () => {
  await importSplits(database.db, [split('2024-01-10', '1', '1000000')], { source: 'test', producer: 'cli' });
  await work();
  for (const [open, low] of await opens()) expect([open, low]).toEqual(['0.00000001', '0.00000001']);
  await expectSilverIsRight(database.db);
  expect(await verify(database.db)).toMatchObject({ differing: 0, pending: [] });
});

function withoutZeros(text: string): string {
  return text.replace(/0+$/, '');
}

it('what was adjusted by the rule of before is computed again after the migration', async () => {
  const old = await createTestDatabase({ empty: true });
  try {
    const [first] = migrations as [Migration];
    await old.db.withClient((client) => migrate(client, [first]));
    await old.db.query(
      `insert into ops.symbol (symbol, source, delivered_adjusted) values ('A', 't', false), ('B', 't', true), ('C', 't', false), ('D', 't', false)`,
    );
    await old.db.query(
      `insert into ops.split select symbol, '2024-01-05', 1, 2, 't' from unnest(array['C', 'A', 'B', 'NONE']) as symbol`,
    );
    await old.db.withClient((client) => migrate(client));
    expect(
      await old.db.query(
        `select symbol, from_date::text, through_date, i.reason, kind, counts
           from ops.invalidation i join ops.change on change.id = change_id order by i.id`,
      ),
    ).toEqual(
      ['A', 'C'].map((symbol) => ({
        symbol,
        from_date: '-infinity',
        through_date: null,
        reason: 'rebuild',
        kind: 'rebuild',
        counts: { symbols: 2 },
      })),
    );
  } finally {
    await old.drop();
  }
});
