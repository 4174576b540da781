import { migrate as migrateDatabase } from '../../../sql/migrate.ts';
import type { Database } from '../../shared/database.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import type { Output } from '../output.ts';

export async function migrate(db: Database, output: Output): Promise<number> {
  const migrated = await db.withClient(migrateDatabase);
  output.document(migrated);
  output.say(
    migrated.applied.length === 0
      ? `The database is at version ${migrated.to} already`
      : `The database is at version ${migrated.to} now, it was at ${migrated.from}: ${migrated.applied.join(', ')}`,
  );
  return exitCodes.done;
}
