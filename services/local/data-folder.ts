import { chmod, mkdir, readdir, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataFolderInUseError, ForeignFolderError } from './data-folder-errors.ts';
import { takeExclusiveLock } from './exclusive-lock.ts';
import { lockFileOf, type Runtime, readPublished, removeRuntime, writeRuntime } from './runtime-file.ts';

export type DataFolder = {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** Adds to what `readRuntime` tells other commands. */
  publish(info: Readonly<Record<string, string | number>>): Promise<void>;
  /** Lets the next one in. May be called twice. */
  release(): Promise<void>;
};

const markerName = 'fibonacci-bars-data';
const markerText = 'The local data of fibonacci-bars. Delete the whole folder to start afresh.\n';

/** A command that only looks whether the folder is in use holds the lock for a moment. */
const lockAttempts = 5;

/**
 * Makes the folder if need be and takes it for this process until `release`, or until the process ends, however
 * it ends.
 * @param options.command shown to whoever finds the folder in use, like `up`
 * @throws {DataFolderInUseError} if another process has it; says which.
 * @throws {ForeignFolderError} if there are files in it and they are not ours.
 */
export async function openDataFolder(folder: string, options: { command: string }): Promise<DataFolder> {
  const home = await prepare(folder);
  const release = await lock(home);
  let runtime: Runtime = {
    pid: process.pid,
    command: options.command,
    startedAt: new Date().toISOString(),
  };
  try {
    await writeRuntime(home, runtime);
  } catch (error) {
    release();
    throw error;
  }
  let released = false;
  return {
    path: home,
    async publish(info) {
      runtime = { ...runtime, ...info };
      await writeRuntime(home, runtime);
    },
    async release() {
      if (released) return;
      released = true;
      await removeRuntime(home);
      release();
    },
  };
}

async function prepare(folder: string): Promise<string> {
  const absolute = path.resolve(folder);
  try {
    return await claim(absolute);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code)) throw error;
    throw new ForeignFolderError(absolute, `it cannot be made or written (${code})`, error);
  }
}

/** Marks the folder as ours. Safe for two at once: every step may happen twice. */
async function claim(absolute: string): Promise<string> {
  // Root's server runs as another user, who must pass through; the files are closed to others one by one.
  const mode = process.geteuid?.() === 0 ? 0o711 : 0o700;
  if (await mkdir(absolute, { recursive: true })) await chmod(absolute, mode);
  const home = await realpath(absolute);
  const names = await readdir(home);
  if (names.includes(markerName)) return home;
  const strangers = names.filter((name) => name !== '.gitignore');
  if (strangers.length > 0) {
    throw new ForeignFolderError(
      home,
      `it has files that are not ours (${strangers.slice(0, 3).join(', ')})`,
    );
  }
  // What is kept here is never committed, wherever the folder is.
  await writeFile(path.join(home, '.gitignore'), '*\n');
  await writeFile(path.join(home, markerName), markerText);
  return home;
}

async function lock(home: string): Promise<() => void> {
  for (let attempt = 1; ; attempt++) {
    const release = takeExclusiveLock(lockFileOf(home));
    if (release) return release;
    const holder = await readPublished(home);
    if (attempt === lockAttempts) throw new DataFolderInUseError(home, holder);
    await sleep(30);
  }
}
