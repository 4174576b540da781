import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../../services/shared/database.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('reads dates as calendar dates whatever style and time zone the database has', async () => {
  const name = new URL(database.url).pathname.slice(1);
  await database.db.query(`alter database ${name} set datestyle = 'German'`);
  await database.db.query(`alter database ${name} set timezone = 'Asia/Tokyo'`);
  const db = openDatabase({ connectionString: database.url });
  try {
    expect(
      await db.query(`select date '2017-01-03' as day, array[date '2017-01-03', '2017-01-04'] as days`),
    ).toEqual([{ day: '2017-01-03', days: ['2017-01-03', '2017-01-04'] }]);
    expect(await db.query('select $1::date::text as day', ['2017-02-01'])).toEqual([{ day: '2017-02-01' }]);
  } finally {
    await db.close();
  }
});
