import type { Database } from '../../../services/shared/database.ts';

/** All but what the migrations put there. */
export async function emptyTables(db: Pick<Database, 'query'>): Promise<void> {
  const all = (await tables(db)).filter((table) => !/^ops\.("interval"|setting)$/.test(table));
  await db.query(`truncate ${[...all, 'watch.silver', 'watch.outbox'].join(', ')}`);
}

/** Keeps what the tables hold, so that it can be put back many times. */
export async function saveTables(db: Pick<Database, 'query'>): Promise<void> {
  await db.query('drop schema if exists saved cascade; create schema saved');
  for (const table of await tables(db)) {
    await db.query(`create table saved.${savedName(table)} as table ${table}`);
  }
}

/** Puts back what was saved, and forgets what was noted since. */
export async function restoreTables(db: Pick<Database, 'query'>): Promise<void> {
  const all = await tables(db);
  await db.query(
    [
      'begin',
      // Neither triggers nor what they note.
      'set local session_replication_role to replica',
      `truncate ${[...all, 'watch.silver', 'watch.outbox'].join(', ')}`,
      ...all.map((table) => `insert into ${table} overriding system value table saved.${savedName(table)}`),
      'commit',
    ].join('; '),
  );
}

async function tables(db: Pick<Database, 'query'>): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    `select schemaname || '.' || tablename as name from pg_tables
      where schemaname in ('ops', 'public') and tablename <> 'migration' order by 1`,
  );
  return rows.map(({ name }) => (name === 'ops.interval' ? 'ops."interval"' : name));
}

function savedName(table: string): string {
  return table.replaceAll('"', '').replace('.', '_');
}
