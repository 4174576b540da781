import type { ClientBase } from 'pg';
import { migrations } from './generated/migrations.ts';

/** The version that this program is written for. */
export const knownSchemaVersion = migrations.at(-1)?.version ?? 0;

export class UnknownSchemaVersionError extends Error {
  override name = 'UnknownSchemaVersionError';
  /** 0: nothing of ours is in the database. */
  readonly found: number;
  constructor(found: number, known: number) {
    const advice = found < known ? 'run `fibbars migrate`' : 'update the program';
    super(
      found === 0
        ? `The database has no tables of fibonacci-bars yet, this program knows version ${known}: ${advice}`
        : `The database is at version ${found}, this program knows ${known}: ${advice}`,
    );
    this.found = found;
  }
}

/** The version of the database's tables, 0 if it has none of ours. */
async function readSchemaVersion(client: ClientBase): Promise<number> {
  // Asked first: reading a table that is not there would abort the caller's transaction.
  const table = await client.query<{ there: boolean }>(
    `select to_regclass('ops.migration') is not null as there`,
  );
  if (!table.rows[0]?.there) return 0;
  const newest = await client.query<{ version: number | null }>(
    'select max(version) as version from ops.migration',
  );
  return newest.rows[0]?.version ?? 0;
}

/**
 * Every service calls this at start: writing to tables of another version would damage them.
 * @throws {UnknownSchemaVersionError} if the tables are older, newer or missing.
 */
export async function assertSchemaVersion(client: ClientBase): Promise<void> {
  const found = await readSchemaVersion(client);
  if (found !== knownSchemaVersion) throw new UnknownSchemaVersionError(found, knownSchemaVersion);
}
