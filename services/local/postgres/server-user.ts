import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { PostgresUnavailableError } from './binaries.ts';

const run = promisify(execFile);

/** Whom the server runs as. Empty: as ourselves. */
export type ServerUser = { readonly uid?: number; readonly gid?: number };

/**
 * PostgreSQL refuses to run as root, so root lends it an unprivileged user that every system has.
 * An existing data folder is run by its owner.
 * @throws {PostgresUnavailableError} if there is no such user, or the data belongs to somebody else.
 */
export async function findServerUser(dataFolder: string): Promise<ServerUser> {
  const me = process.geteuid?.();
  const owner = await stat(dataFolder).catch(() => undefined);
  if (me !== 0) {
    if (owner && me !== undefined && owner.uid !== me) {
      throw new PostgresUnavailableError(
        `${dataFolder} belongs to user ${owner.uid} and this is user ${me}: run as that user, choose another data folder with FIBBARS_DATA_DIR`,
      );
    }
    return {};
  }
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const passwd = await readFile('/etc/passwd', 'utf8');
  for (const name of ['nobody', 'daemon', 'postgres']) {
    const fields = passwd
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.split(':');
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new PostgresUnavailableError(
    'PostgreSQL does not run as root, and /etc/passwd has no user nobody, daemon or postgres to lend it: run as an ordinary user',
  );
}

/** Whether that user can reach and use the file or folder. Asked by trying: modes, ACLs and mounts all count. */
export async function canUse(user: ServerUser, target: string, mode: '-x' | '-r'): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', 'test "$0" "$1"', mode, target], { ...user, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}
