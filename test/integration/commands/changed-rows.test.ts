/** How many rows a command says that it has changed, where runs worked in other changes at once. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withOthers } from '../../../services/cli/commands/work-in.ts';
import { readPendingChanges, sumChangedRows } from '../../../sql/queries/sum-changed-rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.query(
    `insert into ops.run (id, symbols, change_ids, changed_rows)
     select gen_random_uuid(), '{AAPL}', change_ids, changed_rows
       from (values ('{1}'::bigint[], 12), ('{2}', 7), ('{2,3,4}', 100), ('{5,6}', 0)) run (change_ids, changed_rows)`,
  );
});
afterAll(() => database.drop());

const changedBy = (...ids: string[]) => database.db.withClient((client) => sumChangedRows(client, ids));

test.each([
  [['1'], { changedRows: 12, otherChanges: 0 }, ''],
  [['1', '2'], { changedRows: 119, otherChanges: 2 }, ', with those of 2 other changes'],
  [['2', '3'], { changedRows: 107, otherChanges: 1 }, ', with those of 1 other change'],
  [['2', '3', '4'], { changedRows: 107, otherChanges: 0 }, ''],
  // The other change has no rows that could be taken for theirs.
  [['5'], { changedRows: 0, otherChanges: 0 }, ''],
  [[], { changedRows: 0, otherChanges: 0 }, ''],
])('of the changes %j', async (ids, changed, words) => {
  expect(await changedBy(...ids)).toEqual(changed);
  expect(withOthers(changed)).toBe(words);
});

test('changes are pending until each of their invalidations is worked in', async () => {
  const { db } = database;
  const pending = () => db.withClient(readPendingChanges);
  expect(await pending()).toEqual([]);
  await db.query(
    `with change as (
       insert into ops.change (event_id, kind, cause, source, correlation_id)
       values (gen_random_uuid(), 'rebuild', 'correction', 'cli', gen_random_uuid()) returning id)
     insert into ops.invalidation (symbol, from_date, reason, change_id)
     select symbol, '2024-01-02', 'rebuild', id from change, unnest(array['AAPL', 'MSFT']) symbol`,
  );
  const ids = (await db.query<{ id: string }>('select id from ops.change')).map(({ id }) => id);
  await db.query(`delete from ops.invalidation where symbol = 'AAPL'`);
  expect(await pending()).toEqual(ids);
});
