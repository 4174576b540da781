import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/create-test-database.ts';
import { dumpMajor, dumpSchema, findDumpMajor } from '../support/dump-schema.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('sql/schema.sql is what the migrations add up to', async (context) => {
  const found = await findDumpMajor();
  if (found !== dumpMajor) {
    context.skip(`needs pg_dump ${dumpMajor}, found ${found ?? 'none'} on the path`);
  }
  const [server] = await database.db.query<{ major: string }>(
    `select split_part(current_setting('server_version'), '.', 1) as major`,
  );
  if (server?.major !== dumpMajor) {
    context.skip(`needs DATABASE_URL to name a PostgreSQL ${dumpMajor}, this server is ${server?.major}`);
  }
  const dump = await dumpSchema(database.url);
  await expect(dump).toMatchFileSnapshot(
    '../../sql/schema.sql',
    'run `npm run schema:dump` and commit the file',
  );
});
