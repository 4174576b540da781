import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type StateDatabase = {
  readonly sqlite: DatabaseSync;
  /** Runs synchronous work in one transaction. */
  transaction<T>(work: () => T): T;
  close(): void;
};

export class FolderInUseError extends Error {
  override name = 'FolderInUseError';
  constructor(directory: string, cause: unknown) {
    super(
      `${directory} is in use by another local cloud: stop that one, or choose another folder (FIBBARS_DATA_DIR)`,
      { cause },
    );
  }
}

const schema = `
  create table if not exists resource (kind text, name text, body text not null, primary key (kind, name)) strict;
  create table if not exists archived_event (
    position integer primary key, archive text not null, time_ms integer not null, event text not null
  ) strict;
  create index if not exists archived_event_by_time on archived_event (archive, time_ms, position);
  create table if not exists job (
    id text primary key, position integer not null, finished integer not null, announced integer not null, body text not null
  ) strict;
  create index if not exists job_unfinished on job (finished, position);
`;

/**
 * Opens the folder's state: EventBridge's and Batch's resources, archived events, jobs. What a call has written
 * survives SIGKILL of this process; the lock on the file ends with it.
 * @throws {FolderInUseError} if another process has it open.
 */
export function openStateDatabase(directory: string): StateDatabase {
  mkdirSync(directory, { recursive: true });
  const sqlite = new DatabaseSync(join(directory, 'cloud.db'));
  try {
    // Exclusive: two clouds on one folder would run its jobs twice. NORMAL: a power cut may lose the last moments, no kill can.
    sqlite.exec('pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = normal;');
    sqlite.exec(`begin immediate; ${schema} commit;`);
  } catch (error) {
    sqlite.close();
    if (isBusy(error)) throw new FolderInUseError(directory, error);
    throw error;
  }
  return {
    sqlite,
    transaction: (work) => transaction(sqlite, work),
    close: () => sqlite.close(),
  };
}

/** Runs synchronous work in one transaction of `sqlite`. */
export function transaction<T>(sqlite: DatabaseSync, work: () => T): T {
  sqlite.exec('begin immediate');
  try {
    const result = work();
    sqlite.exec('commit');
    return result;
  } catch (error) {
    // On a full disk SQLite has rolled back by itself: https://www.sqlite.org/lang_transaction.html
    if (sqlite.isTransaction) sqlite.exec('rollback');
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  // SQLITE_BUSY of https://www.sqlite.org/rescode.html
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}
