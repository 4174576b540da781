import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Database, TransactionOptions } from '../../services/shared/database.ts';

export type Watched = {
  /** Of each transaction, how long to wait before which of its statements, counted from 0. */
  readonly pause: () => { readonly statement: number; readonly ms: number };
  /** Runs in each transaction when its work is done, before it commits. */
  readonly beforeCommit?: (client: Client) => Promise<void>;
  readonly onRetry?: (error: Error) => void;
};

/**
 * The same database as it is for somebody who is held up in the middle of each transaction, so that what others commit falls
 * between two statements. COPY, which is a stream of its own, does not wait.
 */
export function slowDatabase(db: Database, { pause, beforeCommit, onRetry }: Watched): Database {
  const slow = (client: Client): Client => {
    const { statement, ms } = pause();
    let statements = 0;
    return new Proxy(client, {
      get(target, name) {
        if (name !== 'query') return Reflect.get(target, name) as unknown;
        const query = target.query.bind(target) as (...parameters: unknown[]) => unknown;
        return (...parameters: unknown[]): unknown => {
          const run = () => query(...parameters);
          const [what] = parameters;
          const isStream = typeof what === 'object' && what !== null && 'submit' in what;
          return !isStream && statements++ === statement && ms > 0 ? sleep(ms).then(run) : run();
        };
      },
    });
  };
  return {
    ...db,
    transaction: (work, options: TransactionOptions = {}) =>
      db.transaction(
        async (client) => {
          const value = await work(slow(client));
          await beforeCommit?.(client);
          return value;
        },
        {
          ...options,
          onRetry: (error) => {
            onRetry?.(error);
            options.onRetry?.(error);
          },
        },
      ),
  };
}
