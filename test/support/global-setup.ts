/**
 * One PostgreSQL for the whole run, with a migrated template database that test files clone: the embedded one in
 * a temporary folder, or the one that DATABASE_URL names.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { takeExclusiveLock } from '../../services/local/exclusive-lock.ts';
import { findPlaced, removePlacedData } from '../../services/local/postgres/place.ts';
import { clearTheWay } from '../../services/local/postgres/running-server.ts';
import { startPostgres } from '../../services/local/postgres/start-postgres.ts';
import { migrate } from '../../sql/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** `prefix` begins the names of all databases of this run. */
    postgres: { adminUrl: string; template: string; prefix: string };
  }
}

const folderPrefix = 'fibbars-test-';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['DATABASE_URL'];
  const server = given ? { adminUrl: given, stop: async () => {} } : await startTemporary();
  const prefix = `fibbars_test_${randomBytes(5).toString('hex')}`;
  const template = `${prefix}_template`;
  try {
    await withClient(server.adminUrl, (admin) => admin.query(`create database ${template}`));
    await withClient(urlOf(server.adminUrl, template), (client) => migrate(client));
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide('postgres', { adminUrl: server.adminUrl, template, prefix });
  return async () => {
    if (given) await withClient(given, (admin) => dropAll(admin, prefix));
    await server.stop();
  };
}

async function startTemporary(): Promise<{ adminUrl: string; stop: () => Promise<void> }> {
  await removeLeftovers();
  const folder = await mkdtemp(path.join(tmpdir(), folderPrefix));
  // The user whom root lends to the server must pass through.
  await chmod(folder, 0o711);
  const directory = path.join(folder, 'postgres');
  // Nothing here outlives the run, so it need not survive a power cut.
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    shared_buffers: '128MB',
  };
  const server = await startPostgres({ directory, settings }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const pidFile = path.join((await findPlaced(directory)) ?? directory, 'data', 'postmaster.pid');
  // After Ctrl-C nobody calls `stop`. What is left of its folder goes with the next run.
  const onExit = () => killServer(pidFile);
  process.once('exit', onExit);
  return {
    adminUrl: server.url,
    stop: async () => {
      process.off('exit', onExit);
      await server.stop();
      await removePlacedData(directory);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** By the first line of https://www.postgresql.org/docs/18/storage-file-layout.html's postmaster.pid. */
function killServer(pidFile: string): void {
  try {
    process.kill(Number.parseInt(readFileSync(pidFile, 'utf8'), 10), 'SIGQUIT');
  } catch {
    // It has ended.
  }
}

/** Servers of runs that were killed. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const directory = path.join(tmpdir(), name, 'postgres');
    const lock = path.join(directory, 'lock');
    if (!name.startsWith(folderPrefix) || !existsSync(lock)) continue;
    try {
      const release = takeExclusiveLock(lock);
      if (!release) continue;
      const data = path.join((await findPlaced(directory)) ?? directory, 'data');
      if (existsSync(data)) await clearTheWay(await realpath(data));
      await removePlacedData(directory);
      await rm(path.dirname(directory), { recursive: true, force: true });
      release();
    } catch {
      // Another user's.
    }
  }
}

async function dropAll(admin: Client, prefix: string): Promise<void> {
  const { rows } = await admin.query<{ datname: string }>(
    `select datname from pg_database where starts_with(datname, $1)`,
    [prefix],
  );
  for (const { datname } of rows) await admin.query(`drop database if exists ${datname} with (force)`);
}

async function withClient<T>(connectionString: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 30_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}
