import { closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const sqliteBusy = 5;

/**
 * Takes a lock that the kernel gives back when this process ends, even by SIGKILL: Node has no flock, so the
 * lock of an SQLite file serves. Nothing else may open the file in this process, since closing it would
 * drop the lock (POSIX record locks).
 * @returns how to release it, or undefined while another process holds it.
 */
export function takeExclusiveLock(file: string): (() => void) | undefined {
  // Closed to others, who could otherwise hold it; not touched when it is there, see above.
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    // The journal would be a second file, and nothing is ever written.
    database.exec('pragma journal_mode = off; begin exclusive');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === sqliteBusy) return undefined;
    throw error;
  }
  return () => {
    if (database.isOpen) database.close();
  };
}
