import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { status } from '../../../services/cli/commands/status.ts';
import { createOutput } from '../../../services/cli/output.ts';
import { sessionsBetween } from '../../../services/shared/calendar/sessions.ts';
import { changeBronze, testBar } from '../../support/change-bronze.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';

const days = sessionsBetween('2012-01-03', '2012-12-31');

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.query('truncate raw_ohlcv, ops.symbol, ops.change, ops.invalidation, ops.trading_day');
});

/** Bars of each symbol on the sessions with these numbers, and every session delivered but those left out. */
async function store(
  series: Readonly<Record<string, readonly number[]>>,
  notDelivered: readonly number[] = [],
) {
  await database.db.transaction((client) =>
    changeBronze(
      client,
      Object.entries(series).map(([symbol, at]) => ({
        symbol,
        put: at.map((number) => testBar(days[number] ?? '', number)),
      })),
    ),
  );
  await database.db.query(
    `insert into ops.trading_day (source, trading_day, fingerprint, bars, quarantined)
     select 'test', day, 'x', 1, 0 from unnest($1::date[]) as delivered (day)`,
    [days.filter((_, number) => !notDelivered.includes(number))],
  );
}

async function said(json: boolean): Promise<string> {
  const written: string[] = [];
  const stdout = {
    isTTY: false,
    on: () => stdout,
    write: (text: string) => void written.push(text),
  } as unknown as NodeJS.WriteStream;
  expect(await status(database.db, createOutput({ json, onError: () => {} }, stdout), undefined)).toBe(0);
  return written.join('');
}
const returns = async () => (JSON.parse(await said(true)) as { returns: unknown[] }).returns;

const range = (from: number, through: number) =>
  Array.from({ length: through - from + 1 }, (_, index) => from + index);

test('a symbol that comes back after more than 60 sessions is listed, one after 60 is not', async () => {
  await store({
    FB: [...range(0, 20), ...range(82, 100)],
    META: [...range(0, 20), ...range(81, 100)],
    AAPL: range(0, 249),
    OLD: range(0, 30),
    NEW: range(200, 249),
  });
  expect(await returns()).toEqual([{ symbol: 'FB', before: days[20], after: days[82], sessions: 61 }]);
  expect(await said(false)).toMatch(
    new RegExp(`^came back +1, perhaps as another company: FB on ${days[82]} after 61 sessions$`, 'm'),
  );
});

test('each absence is listed, and many short ones are none', async () => {
  await store({
    TWICE: [0, 100, 200],
    RARE: range(0, 12).map((number) => number * 20),
  });
  expect(await returns()).toEqual([
    { symbol: 'TWICE', before: days[0], after: days[100], sessions: 99 },
    { symbol: 'TWICE', before: days[100], after: days[200], sessions: 99 },
  ]);
});

test('days that nobody delivered are no absence', async () => {
  await store({ AAPL: [...range(0, 20), ...range(82, 100)] }, range(21, 25));
  expect(await returns()).toEqual([]);
});

test('nothing is said of it without any', async () => {
  await store({ AAPL: range(0, 249) });
  expect(await returns()).toEqual([]);
  expect(await said(false)).not.toContain('came back');
});
