import { migrate } from '../../../sql/migrate.ts';
import { createRoles, grantTables, type RoleOptions } from '../../../sql/roles.ts';
import { addInterval } from '../../resampler/add-interval.ts';
import { type Database, openDatabase } from '../../shared/database.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import type { Output } from '../output.ts';

export type MigrateDeps = { readonly databaseUrl: string; readonly output: Output };

/**
 * What a deployment does to its database: roles, tables, further intervals, rights. The bars of an interval that is new are
 * computed by the pipeline, which finds its invalidations and events when it next starts. Safe to repeat.
 * @throws {ForeignTablesError} if a role other than `migrator` owns the tables.
 */
export async function migrateWithRoles(
  { databaseUrl, output }: MigrateDeps,
  intervals: readonly number[],
  options: RoleOptions = {},
): Promise<number> {
  await withDatabase(databaseUrl, undefined, (db) => db.withClient((client) => createRoles(client, options)));
  const done = await withDatabase(databaseUrl, `${options.prefix ?? ''}migrator`, async (db) => {
    const migrated = await db.withClient((client) => migrate(client));
    const added: number[] = [];
    for (const days of intervals) {
      const { changeId } = await addInterval(db, days);
      if (changeId !== null) added.push(days);
    }
    await db.withClient((client) => grantTables(client, options));
    return { ...migrated, intervalsAdded: added };
  });
  output.document(done);
  output.say(`The database is at version ${done.to}, and its roles have their rights`);
  if (done.intervalsAdded.length > 0) output.say(`New intervals: ${done.intervalsAdded.join(', ')} days`);
  return exitCodes.done;
}

async function withDatabase<T>(
  connectionString: string,
  role: string | undefined,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  const db = openDatabase({
    connectionString,
    connectPatienceMs: 60_000,
    applicationName: 'fibbars migrate',
    ...(role !== undefined && { role }),
  });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
