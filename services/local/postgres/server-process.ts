import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Binaries, programOf } from './binaries.ts';
import { serverEnvironment } from './initialise.ts';
import { readPidFile } from './running-server.ts';
import type { ServerUser } from './server-user.ts';

export class PostgresStartError extends Error {
  override name = 'PostgresStartError';
  constructor(reason: string, logFile: string, tail: string) {
    super(`PostgreSQL ${reason}. The end of its log, ${logFile}:\n${tail || '(empty)'}`);
  }
}

export type ServerProcess = { readonly child: ChildProcess; readonly port: number };

/** For a laptop: small beside a browser, enough for a few million bars. fsync stays on. */
const laptopSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '192MB',
  max_connections: '100',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // Nothing replicates from here, and COPY into a table of the same transaction is quicker.
  wal_level: 'minimal',
  max_wal_senders: '0',
  jit: 'off',
  log_checkpoints: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Crash recovery of much WAL can take a while on a slow disk. */
const startPatienceMs = 60_000;
const portAttempts = 5;
const keptLogBytes = 5_000_000;

/**
 * Starts the server in a session of its own, so that Ctrl-C at the terminal does not reach it before us, with
 * its log in a file, so that it does not die writing to a pipe when we do.
 * @throws {PostgresStartError} with the end of the log, if it does not come up.
 */
export async function startServer(
  binaries: Binaries,
  server: { data: string; logFile: string; user: ServerUser; settings?: Readonly<Record<string, string>> },
): Promise<ServerProcess> {
  if (((await stat(server.logFile).catch(() => undefined))?.size ?? 0) > keptLogBytes) {
    await rename(server.logFile, `${server.logFile}.old`);
  }
  const settings = Object.entries({ ...laptopSettings, ...server.settings });
  for (let attempt = 1; ; attempt++) {
    const port = await findFreePort();
    const log = await open(server.logFile, 'a', 0o600);
    const from = (await log.stat()).size;
    const child = spawn(
      programOf(binaries, 'postgres'),
      [
        '-D',
        server.data,
        '-p',
        String(port),
        ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      {
        ...server.user,
        cwd: '/',
        env: serverEnvironment(),
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
      },
    );
    const failure = await waitUntilReady(child, server.data);
    await log.close();
    if (!failure) {
      child.unref();
      return { child, port };
    }
    const text = (await readFile(server.logFile)).subarray(from).toString();
    const portWasTaken = /could not bind|could not create any TCP\/IP sockets/.test(text);
    if (!portWasTaken || attempt === portAttempts) {
      throw new PostgresStartError(failure, server.logFile, tailOf(text));
    }
  }
}

export async function readLogTail(logFile: string): Promise<string> {
  return tailOf(await readFile(logFile, 'utf8').catch(() => ''));
}

function tailOf(text: string): string {
  return text.trimEnd().split('\n').slice(-20).join('\n');
}

/** @returns why it did not start, or undefined when it is ready. */
async function waitUntilReady(child: ChildProcess, data: string): Promise<string | undefined> {
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(`ended at start (${signal ?? `exit code ${code}`})`));
  });
  const deadline = Date.now() + startPatienceMs;
  while (Date.now() < deadline) {
    const failure = await Promise.race([ended, sleep(10)]);
    if (failure) return failure;
    const file = await readPidFile(data);
    if (file?.ready && file.pid === child.pid) return undefined;
  }
  child.kill('SIGQUIT');
  return `was not ready after ${startPatienceMs / 1000} s`;
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  return await new Promise((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
