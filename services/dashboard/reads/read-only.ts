import type { Client, Database } from '../../shared/database.ts';

/** Runs `work` on one snapshot of the database, in a transaction that cannot write. */
export type Read = <T>(work: (client: Client) => Promise<T>) => Promise<T>;

/** Whoever waits longer for a page has left. */
const statementTimeoutMs = 30_000;

export function readOnly(db: Database): Read {
  return (work) =>
    db.transaction(work, {
      isolation: 'repeatable read',
      readOnly: true,
      settings: { statement_timeout: String(statementTimeoutMs) },
      // There is nothing to commit.
      committed: () => Promise.resolve(true),
    });
}
