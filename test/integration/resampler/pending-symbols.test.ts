import { afterAll, beforeAll, expect, it } from 'vitest';
import { pendingSymbols } from '../../../sql/queries/pending-symbols.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.query(
    `insert into ops.symbol (symbol, source, bar_count, first_date, last_date)
     values ('AAPL', 'test', 2000, '2016-01-04', '2023-12-29'), ('GONE', 'test', 0, null, null)`,
  );
});
afterAll(() => database.drop());

const [appended, whole] = [36, 2_000];

it.each([
  ['an appended bar', 'AAPL', [['2023-12-29', null]], appended],
  ['a bar after the last that is known', 'AAPL', [['2024-01-02', null]], appended],
  ['a late bar', 'AAPL', [['2020-01-02', null]], whole],
  ['all bars', 'AAPL', [['-infinity', null]], whole],
  ['a corrected bar', 'AAPL', [['2020-01-02', '2020-01-02']], 2 * appended],
  [
    'two corrections, with the days between them',
    'AAPL',
    [
      ['2020-01-02', '2020-01-02'],
      ['2020-03-02', '2020-03-02'],
    ],
    60 + 2 * appended,
  ],
  [
    'a correction and a late bar',
    'AAPL',
    [
      ['2020-01-02', '2020-01-02'],
      ['2023-01-02', null],
    ],
    whole,
  ],
  ['the bars of retention', 'AAPL', [['-infinity', '2016-02-03']], 30 + 2 * appended],
  ['the bars before the first', 'AAPL', [['-infinity', '2000-01-03']], appended],
  ['a symbol without a bar', 'GONE', [['-infinity', '2020-01-03']], appended],
])('estimates what reading %s takes', async (_, symbol, ranges, bars) => {
  await database.db.query('truncate ops.invalidation');
  await database.db.query(
    `insert into ops.invalidation (symbol, from_date, through_date, reason, change_id)
     select $1, from_date, through_date, 'corrected', 1
       from unnest($2::date[], $3::date[]) as range (from_date, through_date)`,
    [symbol, ranges.map(([from]) => from), ranges.map(([, through]) => through)],
  );
  expect(await database.db.withClient((client) => pendingSymbols(client, [symbol], [3, 5], null))).toEqual([
    { symbol, bars },
  ]);
});
