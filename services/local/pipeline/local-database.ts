import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../../../sql/migrate.ts';
import { assertSchemaVersion } from '../../../sql/schema-version.ts';
import { type Database, type DatabaseConfig, openDatabase } from '../../shared/database.ts';
import type { Logger } from '../../shared/logger.ts';
import { openDataFolder } from '../data-folder.ts';
import { startPostgres } from '../postgres/start-postgres.ts';
import { readRuntime } from '../runtime-file.ts';

export type DatabaseSettings = {
  readonly dataFolder: string;
  /** Someone's PostgreSQL; undefined: the one in the data folder. */
  readonly databaseUrl: string | undefined;
};

export type OpenedDatabase = {
  readonly db: Database;
  readonly url: string;
  close(): Promise<void>;
};

export class NoDataError extends Error {
  override name = 'NoDataError';
  constructor(folder: string) {
    super(
      `There is no data in ${folder} yet: \`npm start\` fills it with the sample bars, \`fibbars backfill\` with your own; or set DATABASE_URL`,
    );
  }
}

export function connect(
  url: string,
  command: string,
  patience: Pick<DatabaseConfig, 'connectPatienceMs' | 'keepTrying'> = { connectPatienceMs: 10_000 },
): Database {
  return openDatabase({
    connectionString: url,
    maxConnections: 10,
    applicationName: `fibbars ${command}`,
    ...patience,
  });
}

/**
 * The database alone, for commands that look: that of DATABASE_URL, of a running `fibbars` on the data folder, or, started
 * for as long as it is needed, that in the data folder.
 * @throws {NoDataError} if the data folder has none.
 * @throws {UnknownSchemaVersionError} if its tables are of another version.
 */
export async function openLocalDatabase(
  settings: DatabaseSettings,
  { command, logger }: { command: string; logger: Logger },
): Promise<OpenedDatabase> {
  const url = settings.databaseUrl ?? (await readRuntime(settings.dataFolder))?.databaseUrl;
  if (url !== undefined) {
    const db = connect(url, command);
    try {
      await db.withClient(assertSchemaVersion);
    } catch (error) {
      await db.close();
      throw error;
    }
    return { db, url, close: () => db.close() };
  }
  const directory = join(settings.dataFolder, 'postgres');
  if (!existsSync(directory)) throw new NoDataError(settings.dataFolder);
  const folder = await openDataFolder(settings.dataFolder, { command });
  try {
    const postgres = await startPostgres({ directory: join(folder.path, 'postgres'), logger });
    const db = connect(postgres.url, command);
    await folder.publish({ databaseUrl: postgres.url });
    await db.withClient(migrate);
    return {
      db,
      url: postgres.url,
      async close() {
        await db.close();
        await postgres.stop();
        await folder.release();
      },
    };
  } catch (error) {
    await folder.release();
    throw error;
  }
}
