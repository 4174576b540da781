import { randomBytes } from 'node:crypto';
import { chown, cp, lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Binaries, PostgresUnavailableError, programOf } from './binaries.ts';
import { canUse, type ServerUser } from './server-user.ts';

/**
 * Where root puts what the server's user must reach and cannot reach in the clone. The first that serves:
 * the temporary folders come last, since systems clean them.
 */
const outsideFolders = ['/var/lib', '/usr/local/var', '/var/tmp', tmpdir()];
const pointerName = 'placed-in';
const ownerName = 'belongs-to';

/** The binaries themselves, or a copy that the user can execute. */
export async function placeBinaries(binaries: Binaries, user: ServerUser): Promise<Binaries> {
  if (user.uid === undefined || (await canUse(user, programOf(binaries, 'postgres'), '-x'))) return binaries;
  const base = await outsideFolder(user);
  const copy = { root: path.join(base, binaries.label), label: binaries.label };
  if (await canUse(user, programOf(copy, 'postgres'), '-x')) return copy;
  const fresh = `${copy.root}.new-${randomBytes(4).toString('hex')}`;
  await cp(binaries.root, fresh, { recursive: true, verbatimSymlinks: true });
  await rename(fresh, copy.root).catch(async (error: NodeJS.ErrnoException) => {
    // Another start was quicker.
    await rm(fresh, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  return copy;
}

/**
 * The folder below which the server's files go: `directory` itself, or one outside that `directory` points to.
 * @param directory ours; exists
 */
export async function placeData(directory: string, user: ServerUser): Promise<string> {
  if (user.uid === undefined) return directory;
  const placed = await findPlaced(directory);
  if (placed && (await lstat(placed).catch(() => undefined))) {
    await writeFile(path.join(placed, ownerName), directory);
    return placed;
  }
  if (await canUse(user, directory, '-x')) return directory;
  const base = await outsideFolder(user);
  await removeAbandoned(base);
  const chosen = path.join(base, `data-${randomBytes(8).toString('hex')}`);
  await mkdir(chosen, { mode: 0o711 });
  await writeFile(path.join(chosen, ownerName), directory);
  await writeFile(path.join(directory, pointerName), chosen);
  return chosen;
}

/** Removes what `placeData` put outside of `directory`; the server must have been stopped. */
export async function removePlacedData(directory: string): Promise<void> {
  const placed = await findPlaced(directory);
  if (placed) await rm(placed, { recursive: true, force: true });
}

/** The folder outside of `directory` that it points to, if any. */
export async function findPlaced(directory: string): Promise<string | undefined> {
  const text = await readFile(path.join(directory, pointerName), 'utf8').catch(() => '');
  return text.trim() || undefined;
}

export async function giveTo(user: ServerUser, target: string): Promise<void> {
  if (user.uid !== undefined && user.gid !== undefined) await chown(target, user.uid, user.gid);
}

async function outsideFolder(user: ServerUser): Promise<string> {
  for (const parent of outsideFolders) {
    const folder = path.join(parent, 'fibonacci-bars');
    try {
      await mkdir(folder, { mode: 0o711 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') continue;
    }
    // Somebody else's folder of that name, in a place where all may write, is not to be trusted.
    const found = await lstat(folder);
    const ours = found.isDirectory() && found.uid === process.geteuid?.() && (found.mode & 0o022) === 0;
    if (ours && (await canUse(user, folder, '-x'))) return folder;
  }
  throw new PostgresUnavailableError(
    `User ${user.uid}, whom root lends to PostgreSQL, can enter neither this folder nor any of ${outsideFolders.join(', ')}: run as an ordinary user`,
  );
}

/** Data whose folder was deleted: its parent is still there, so it was not moved or unmounted. */
async function removeAbandoned(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    if (!name.startsWith('data-')) continue;
    const folder = path.join(base, name);
    const owner = await readFile(path.join(folder, ownerName), 'utf8').catch(() => undefined);
    if (!owner) continue;
    // The pointer is two levels down from what a user deletes: <clone>/.fibbars/postgres.
    if (!(await lstat(path.dirname(path.dirname(owner))).catch(() => undefined))) continue;
    const running = await lstat(path.join(folder, 'data', 'postmaster.pid')).catch(() => undefined);
    if ((await findPlaced(owner)) !== folder && !running) await rm(folder, { recursive: true, force: true });
  }
}
