import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../services/shared/database.ts';

export type TestDatabase = {
  readonly url: string;
  readonly db: Database;
  /** Closes `db`, ends all other sessions and removes the database. */
  drop(): Promise<void>;
};

/**
 * A database of the test file's own: a clone of the migrated template, or an empty one.
 *
 *     let database: TestDatabase;
 *     beforeAll(async () => { database = await createTestDatabase(); });
 *     afterAll(() => database.drop());
 */
export async function createTestDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const { adminUrl, template, prefix } = inject('postgres');
  const name = `${prefix}_${randomBytes(5).toString('hex')}`;
  await runAsAdmin(adminUrl, `create database ${name} template ${empty ? 'template0' : template}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const db = openDatabase({ connectionString: url.href, maxConnections: 10, applicationName: 'test' });
  return {
    url: url.href,
    db,
    async drop() {
      await db.close();
      await runAsAdmin(adminUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

async function runAsAdmin(connectionString: string, statement: string): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 30_000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
