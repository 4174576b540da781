import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import type { Logger } from '../../shared/logger.ts';
import { takeExclusiveLock } from '../exclusive-lock.ts';
import { findBinaries, PostgresUnavailableError } from './binaries.ts';
import { initialise, superuser } from './initialise.ts';
import { placeBinaries, placeData } from './place.ts';
import { clearTheWay, stopServer } from './running-server.ts';
import { readLogTail, startServer } from './server-process.ts';
import { findServerUser } from './server-user.ts';

export type PostgresOptions = {
  /** Ours alone; made if it is not there. */
  readonly directory: string;
  readonly logger?: Logger;
  /** Over the usual ones, for tests that can do without durability. */
  readonly settings?: Readonly<Record<string, string>>;
};

export type Postgres = {
  /** With the password, for the database `fibbars`. */
  readonly url: string;
  readonly port: number;
  /** Like 18.4. */
  readonly version: string;
  /** Resolves when the server ends although nobody stopped it. */
  readonly died: Promise<void>;
  /** Ends the server; the data is safe either way. May be called twice. */
  stop(): Promise<void>;
};

export class PostgresInUseError extends Error {
  override name = 'PostgresInUseError';
  constructor(directory: string) {
    super(`The PostgreSQL in ${directory} is in use by another process: stop that, or choose another folder`);
  }
}

const database = 'fibbars';

/**
 * Starts the embedded PostgreSQL on the data in `directory`, made at the first start. A server that a killed
 * process left behind is stopped first; what was committed is there.
 * @throws {PostgresInUseError} if another process runs it.
 * @throws {PostgresUnavailableError} if it cannot run on this machine.
 * @throws {PostgresStartError} with the end of its log, if it does not come up.
 */
export async function startPostgres({ directory, logger, settings }: PostgresOptions): Promise<Postgres> {
  // Root lends the server a user that must pass through here; the files themselves are closed to others.
  const mode = process.geteuid?.() === 0 ? 0o711 : 0o700;
  await mkdir(directory, { recursive: true, mode });
  const folder = await realpath(directory);
  await chmod(folder, mode);
  const release = takeExclusiveLock(path.join(folder, 'lock'));
  if (!release) throw new PostgresInUseError(folder);
  try {
    const started = await start(folder, { logger, settings });
    return {
      ...started,
      async stop() {
        await started.stop();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

async function start(
  folder: string,
  { logger, settings }: { logger: Logger | undefined; settings: PostgresOptions['settings'] },
): Promise<Postgres> {
  const found = await findBinaries();
  const user = await findServerUser(path.join(folder, 'data'));
  const binaries = await placeBinaries(found, user);
  const place = await realpath(await placeData(folder, user));
  const password = await keepPassword(path.join(folder, 'password'), path.join(place, 'data'));
  const data = await initialise(binaries, { place, user, password });
  const left = await clearTheWay(data);
  if (left !== 'nothing') logger?.info({ data }, `cleared ${left} that an earlier process left behind`);

  const logFile = path.join(folder, 'server.log');
  const { child, port } = await startServer(binaries, { data, logFile, user, ...(settings && { settings }) });
  let stopping: Promise<void> | undefined;
  const died = Promise.withResolvers<void>();
  child.once('exit', (code, signal) => {
    if (stopping) return;
    void reportEnd({ code, signal, logFile }, logger);
    died.resolve();
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const stop = () => {
    stopping ??= hasEnded() || child.pid === undefined ? Promise.resolve() : stopServer(child.pid, hasEnded);
    return stopping;
  };
  const url = `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}`;
  try {
    return { url, port, version: await prepareDatabase(url), died: died.promise, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function reportEnd(
  end: { code: number | null; signal: string | null; logFile: string },
  logger: Logger | undefined,
): Promise<void> {
  const tail = await readLogTail(end.logFile);
  logger?.error({ ...end, tail }, 'PostgreSQL ended although nobody stopped it: start again');
}

/** Written before the data folder is made, so that there is never data without its password. */
async function keepPassword(file: string, data: string): Promise<string> {
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (kept) return kept;
  if (await stat(data).catch(() => undefined)) {
    throw new PostgresUnavailableError(
      `The password of the database in ${data} is not in ${file} any more: restore that file, move the data away`,
    );
  }
  const fresh = randomBytes(24).toString('hex');
  await writeFile(file, `${fresh}\n`, { mode: 0o600, flush: true });
  return fresh;
}

/** @returns the server's version. */
async function prepareDatabase(url: string): Promise<string> {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  const client = new Client({ connectionString: maintenance.href, connectionTimeoutMillis: 30_000 });
  // When the server is killed, the query or the connection fails, and says so.
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ version: string; there: boolean }>(
      `select current_setting('server_version') as version,
              exists (select from pg_database where datname = $1) as there`,
      [database],
    );
    if (!rows[0]?.there) await client.query(`create database ${database}`);
    return rows[0]?.version ?? '';
  } finally {
    await client.end();
  }
}
