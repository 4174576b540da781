import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { takeExclusiveLock } from './exclusive-lock.ts';
import { isAlive } from './is-alive.ts';

/** What other commands need in order to use what the folder's owner runs. Times are ISO 8601 in UTC. */
export type Runtime = {
  readonly pid: number;
  readonly command: string;
  readonly startedAt: string;
  readonly databaseUrl?: string;
  readonly awsEndpointUrl?: string;
  readonly [more: string]: string | number | undefined;
};

const lockName = 'owner.lock';
const runtimeName = 'runtime.json';

export function lockFileOf(folder: string): string {
  return path.join(folder, lockName);
}

/** What the folder's owner published; undefined unless one is alive. */
export async function readRuntime(folder: string): Promise<Runtime | undefined> {
  const lock = lockFileOf(folder);
  if (!existsSync(lock)) return undefined;
  const release = takeExclusiveLock(lock);
  if (release) {
    // Nobody holds the lock, so whoever wrote the file was killed.
    release();
    return undefined;
  }
  return await readPublished(folder);
}

/** Of whoever holds the lock; there is nothing to read while that one starts. */
export async function readPublished(folder: string): Promise<Runtime | undefined> {
  const text = await readFile(path.join(folder, runtimeName), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const runtime = JSON.parse(text) as Runtime;
  return isAlive(runtime.pid) ? runtime : undefined;
}

/** Readers see the old file or the new one, never half of it. It holds a password: 0600. */
export async function writeRuntime(folder: string, runtime: Runtime): Promise<void> {
  const file = path.join(folder, runtimeName);
  await writeFile(`${file}.new`, `${JSON.stringify(runtime, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

export async function removeRuntime(folder: string): Promise<void> {
  await rm(path.join(folder, runtimeName), { force: true });
}
