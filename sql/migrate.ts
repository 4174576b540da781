import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import { type Migration, migrations } from './generated/migrations.ts';
import { UnknownSchemaVersionError } from './schema-version.ts';

export type Migrated = { from: number; to: number; applied: string[] };

export class MigrationError extends Error {
  override name = 'MigrationError';
}

/** Any number that other programs are unlikely to take; it serialises migrators of one database. */
const lockKey = '4157239015';

/**
 * Brings the database to this program's version, one transaction per migration. Safe to run twice at once:
 * the second waits, and finds nothing left to do.
 * @param client not in a transaction
 * @throws {UnknownSchemaVersionError} if the database is newer than this program.
 * @throws {MigrationError} if a migration failed, or one that is applied was edited afterwards.
 */
export async function migrate(
  client: ClientBase,
  known: readonly Migration[] = migrations,
): Promise<Migrated> {
  const applied: string[] = [];
  let from: number | undefined;
  for (;;) {
    const step = await applyNext(client, known);
    from ??= step.found;
    if (!step.applied) return { from, to: step.found, applied };
    applied.push(step.applied);
  }
}

/** The lock is a statement of its own: the snapshot that reads what is applied must come after the wait. */
async function applyNext(
  client: ClientBase,
  known: readonly Migration[],
): Promise<{ found: number; applied?: string }> {
  await client.query('begin isolation level read committed');
  try {
    await client.query(`select pg_advisory_xact_lock(${lockKey})`);
    const found = checkApplied(await readApplied(client), known);
    const next = known[found];
    if (next) await apply(client, next);
    await client.query('commit');
    return next ? { found, applied: labelOf(next) } : { found };
  } catch (error) {
    // The first error says more than that of a rollback on a broken connection.
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

type AppliedRow = { version: number; name: string; checksum: string };

async function readApplied(client: ClientBase): Promise<AppliedRow[]> {
  const there = await client.query<{ migration: boolean; schema: boolean }>(
    `select to_regclass('ops.migration') is not null as migration, to_regnamespace('ops') is not null as schema`,
  );
  if (there.rows[0]?.migration) {
    const { rows } = await client.query<AppliedRow>(
      'select version, name, checksum from ops.migration order by version',
    );
    return rows;
  }
  if (there.rows[0]?.schema) {
    throw new MigrationError(
      'The database has a schema "ops" without the table ops.migration, so it belongs to another program: choose another database',
    );
  }
  return [];
}

/** How many of the known migrations are applied, all of them unchanged. */
function checkApplied(applied: readonly AppliedRow[], known: readonly Migration[]): number {
  const newest = applied.at(-1)?.version ?? 0;
  if (newest > known.length) throw new UnknownSchemaVersionError(newest, known.length);
  for (const [index, row] of applied.entries()) {
    const migration = known[index];
    if (migration?.version !== row.version || checksumOf(migration) !== row.checksum) {
      throw new MigrationError(
        `Migration ${labelOf(row)} was edited after it was applied to this database: restore its text and put the change into a new migration`,
      );
    }
  }
  return applied.length;
}

async function apply(client: ClientBase, migration: Migration): Promise<void> {
  try {
    await client.query(migration.text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MigrationError(
      `Migration ${labelOf(migration)} failed and was rolled back: ${reason}. The database is as it was before it`,
      { cause: error },
    );
  }
  // After the text, since the first migration makes the schema that this table is in.
  await client.query(`create table if not exists ops.migration (
    version integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`);
  await client.query('insert into ops.migration (version, name, checksum) values ($1, $2, $3)', [
    migration.version,
    migration.name,
    checksumOf(migration),
  ]);
}

function checksumOf(migration: Migration): string {
  return createHash('sha256').update(migration.text).digest('hex');
}

function labelOf(migration: { version: number; name: string }): string {
  return `${String(migration.version).padStart(4, '0')}-${migration.name}`;
}
