import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, readlink, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openLocalDatabase } from '../../../services/local/pipeline/local-database.ts';
import { findPlaced, removePlacedData } from '../../../services/local/postgres/place.ts';
import { clearTheWay } from '../../../services/local/postgres/running-server.ts';
import type { Database } from '../../../services/shared/database.ts';
import { createLogger } from '../../../services/shared/logger.ts';
import { createTestDatabase } from '../../support/create-test-database.ts';

export type Ran = {
  /** null: it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type Running = {
  readonly pid: number;
  readonly exit: Promise<Ran>;
  hasEnded(): boolean;
  stdout(): string;
  stderr(): string;
  /** SIGINT goes to the whole process group, as a terminal's Ctrl-C does; the others to the process alone. */
  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void;
};

type Environment = Readonly<Record<string, string | undefined>>;

export type Workspace = {
  /** Where the data folder is, or will be. */
  readonly folder: string;
  readonly databaseUrl: string | undefined;
  readonly environment: Environment;
  /** A folder for files of the test's own, beside the data folder. */
  readonly scratch: string;
  /** Starts `fibbars ARGS` on the data folder. */
  start(args: readonly string[], environment?: Environment): Running;
  /** Runs `fibbars ARGS` to its end. */
  run(args: readonly string[], environment?: Environment): Promise<Ran>;
  /** Runs services/<name>/main.ts. */
  startService(name: string, args: readonly string[], environment: Environment): Running;
  /** Lends the database, which is started for it unless something runs it. */
  look<T>(work: (db: Database) => Promise<T>): Promise<T>;
  /** Processes that belong to the data folder. Linux only: elsewhere always none. */
  processes(): Promise<string[]>;
  /** Kills what still runs, and removes folder and database. */
  remove(): Promise<void>;
};

const mainOf = (service: string) =>
  fileURLToPath(new URL(`../../../services/${service}/main.ts`, import.meta.url));

/**
 * A data folder of the test's own for the real programs; with DATABASE_URL set for the run, an empty database on that server too.
 */
export async function createWorkspace(): Promise<Workspace> {
  const parent = await realpath(await mkdtemp(join(tmpdir(), 'fibbars-pipeline-')));
  // The user whom root lends to the server must pass through.
  await chmod(parent, 0o711);
  const folder = join(parent, 'data');
  const database = process.env['DATABASE_URL'] ? await createTestDatabase({ empty: true }) : undefined;
  const environment = {
    ...Object.fromEntries(
      Object.entries(process.env).filter(
        ([name]) => !/^(AWS_|FIBBARS_|MASSIVE_|POLYGON_|VITEST|DATABASE_URL$|LOG_LEVEL$)/.test(name),
      ),
    ),
    FIBBARS_DATA_DIR: folder,
    DATABASE_URL: database?.url,
  };
  const children = new Set<ChildProcess>();

  function startProgram(file: string, args: readonly string[], more: Environment): Running {
    const child = spawn(process.execPath, [file, ...args], {
      cwd: parent,
      env: { ...environment, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    children.add(child);
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const pid = child.pid as number;
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
    return {
      pid,
      exit: once(child, 'close').then(([code]: unknown[]) => {
        children.delete(child);
        return { code: code as number | null, stdout, stderr };
      }),
      hasEnded,
      stdout: () => stdout,
      stderr: () => stderr,
      signal(name) {
        if (!hasEnded()) process.kill(name === 'SIGINT' ? -pid : pid, name);
      },
    };
  }
  const start = (args: readonly string[], more: Environment = {}) => startProgram(mainOf('cli'), args, more);
  const settings = { dataFolder: folder, databaseUrl: database?.url };

  return {
    folder,
    databaseUrl: database?.url,
    environment,
    scratch: parent,
    start,
    run: (args, more) => start(args, more).exit,
    startService: (name, args, more) => startProgram(mainOf(name), args, more),
    async look(work) {
      const opened = await openLocalDatabase(settings, {
        command: 'test',
        logger: createLogger('test', 'silent'),
      });
      try {
        return await work(opened.db);
      } finally {
        await opened.close();
      }
    },
    processes: () => processesOf(folder),
    async remove() {
      for (const child of children) {
        const closed = once(child, 'close');
        child.kill('SIGKILL');
        await closed;
      }
      await stopStrayServer(join(folder, 'postgres'));
      await rm(parent, { recursive: true, force: true, maxRetries: 5 });
      await database?.drop();
    },
  };
}

async function stopStrayServer(directory: string): Promise<void> {
  const data = join((await findPlaced(directory)) ?? directory, 'data');
  if (existsSync(data)) await clearTheWay(await realpath(data));
  await removePlacedData(directory);
}

/** A server by its working directory, a job by its environment; what has ended and waits for its parent has neither. */
async function processesOf(folder: string): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  const data = join((await findPlaced(join(folder, 'postgres'))) ?? join(folder, 'postgres'), 'data');
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
    const [workingDirectory, environment, command] = await Promise.all([
      readlink(`/proc/${pid}/cwd`).catch(() => ''),
      read('environ'),
      read('cmdline'),
    ]);
    if (workingDirectory === data || environment.includes(folder) || command.includes(folder)) {
      found.push(`${pid} ${command.replaceAll('\0', ' ')}`);
    }
  }
  return found;
}

/**
 * Waits until `condition` holds or the program has ended.
 * @returns whether it held.
 */
export async function reaches(running: Running, condition: () => Promise<boolean>): Promise<boolean> {
  while (!running.hasEnded()) {
    if (await condition()) return true;
    await sleep(15);
  }
  return false;
}
