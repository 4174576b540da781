import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Migration, migrations } from '../../sql/generated/migrations.ts';
import { MigrationError, migrate } from '../../sql/migrate.ts';
import {
  assertSchemaVersion,
  knownSchemaVersion,
  UnknownSchemaVersionError,
} from '../../sql/schema-version.ts';
import { createTestDatabase, type TestDatabase } from '../support/create-test-database.ts';

function withStep(text: string): Migration[] {
  return [...migrations, { version: migrations.length + 1, name: 'test-step', text }];
}

describe('migrate', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
  });
  afterAll(() => database.drop());

  it('leaves an empty database unknown to services until it has run', async () => {
    const refusal = database.db.withClient(assertSchemaVersion);
    await expect(refusal).rejects.toThrow(/no tables of fibonacci-bars yet.*run `fibbars migrate`/);
    await expect(refusal).rejects.toMatchObject({ name: 'UnknownSchemaVersionError', found: 0 });
  });

  it('applies each migration once when three migrators run at once', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => database.db.withClient((client) => migrate(client))));
    expect(runs.flatMap((run) => run.applied)).toHaveLength(migrations.length);
    expect(runs.map((run) => run.to)).toEqual([1, 2, 3].map(() => knownSchemaVersion));
    await database.db.withClient(assertSchemaVersion);
  });

  it('rolls a failing migration back whole and names it', async () => {
    const broken = withStep('create table public.half_made (a integer); select 1 / 0;');
    await expect(database.db.withClient((client) => migrate(client, broken))).rejects.toThrow(
      /test-step failed and was rolled back: division by zero/,
    );
    const there = await database.db.query(`select to_regclass('public.half_made') as half_made`);
    expect(there).toEqual([{ half_made: null }]);
    await database.db.withClient(assertSchemaVersion);
  });

  it('refuses to go on when an applied migration was edited', async () => {
    const edited = migrations.map((each) => ({ ...each, text: `${each.text}\n-- edited` }));
    const attempt = database.db.withClient((client) => migrate(client, edited));
    await expect(attempt).rejects.toThrow(MigrationError);
    await expect(attempt).rejects.toThrow(/0001-tables was edited after it was applied/);
  });

  it('makes both services and migrators of this version refuse a newer database', async () => {
    await database.db.withClient((client) =>
      migrate(client, withStep('create table public.newer (a integer)')),
    );
    await expect(database.db.withClient(assertSchemaVersion)).rejects.toThrow(/update the program/);
    await expect(database.db.withClient((client) => migrate(client))).rejects.toThrow(
      UnknownSchemaVersionError,
    );
  });

  it('makes services refuse an older database', async () => {
    await database.db.query('update ops.migration set version = version - 1000');
    await expect(database.db.withClient(assertSchemaVersion)).rejects.toThrow(/run `fibbars migrate`/);
  });

  it("leaves a schema ops that is another program's alone", async () => {
    const foreign = await createTestDatabase({ empty: true });
    try {
      await foreign.db.query('create schema ops');
      await expect(foreign.db.withClient((client) => migrate(client))).rejects.toThrow(
        /belongs to another program/,
      );
    } finally {
      await foreign.drop();
    }
  });
});
