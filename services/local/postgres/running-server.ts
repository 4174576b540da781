/**
 * A server outlives the process that started it when that was killed. What may be found at the next start:
 * a whole server; backends without their postmaster; or a postmaster.pid whose number means another process
 * by now, which PostgreSQL takes for a running server for ever.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isAlive } from '../is-alive.ts';

const run = promisify(execFile);

export type PidFile = { pid: number; port: number; ready: boolean };

/** postmaster.pid: line 1 is the pid, 4 the port, 8 the status (PostgreSQL's utils/pidfile.h). */
export async function readPidFile(data: string): Promise<PidFile | undefined> {
  const text = await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  return { pid: Math.abs(Number(lines[0])), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/**
 * Ends whatever still serves this data folder, without harm to the data, and clears a stale postmaster.pid.
 * The caller must hold the folder's lock.
 * @returns what was found, for the log.
 */
export async function clearTheWay(
  data: string,
): Promise<'nothing' | 'a running server' | 'a stale lock file'> {
  const found = await readPidFile(data);
  if (!found) return 'nothing';
  const exists = Number.isInteger(found.pid) && found.pid > 1 && isAlive(found.pid);
  const serves = exists && (await servesData(found.pid, data));
  if (serves) await stopServer(found.pid);
  await endOrphans(data);
  // Where the pid is free PostgreSQL clears the file itself, and checks more than we can: but on Linux we know.
  if (exists || process.platform === 'linux') await rm(path.join(data, 'postmaster.pid'), { force: true });
  return serves ? 'a running server' : 'a stale lock file';
}

/** SIGINT ends sessions and writes a checkpoint; SIGQUIT is a crash that the next start recovers from. */
export async function stopServer(pid: number, hasEnded = () => !isAlive(pid)): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 10_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw error;
    }
    const deadline = Date.now() + patienceMs;
    while (Date.now() < deadline) {
      if (hasEnded()) return;
      await sleep(10);
    }
  }
  throw new Error(`PostgreSQL (pid ${pid}) did not end on SIGINT and SIGQUIT: end it, then start again`);
}

async function servesData(pid: number, data: string): Promise<boolean> {
  if (process.platform === 'linux') return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === data;
  const { stdout } = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  return stdout.includes(`-D ${data}`);
}

/** Backends notice the end of their postmaster only when they next wait. Elsewhere than on Linux, time must do. */
async function endOrphans(data: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const deadline = Date.now() + 10_000;
  for (let signal: NodeJS.Signals | undefined; Date.now() < deadline; await sleep(50)) {
    const orphans: number[] = [];
    for (const name of await readdir('/proc')) {
      if (/^\d+$/.test(name) && (await servesData(Number(name), data))) orphans.push(Number(name));
    }
    if (orphans.length === 0) return;
    signal = signal === undefined ? 'SIGQUIT' : 'SIGKILL';
    for (const pid of orphans) {
      try {
        process.kill(pid, signal);
      } catch {
        // It ended meanwhile.
      }
    }
  }
}
