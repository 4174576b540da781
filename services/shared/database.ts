import pg from 'pg';
import { connectionOptions } from './connection-options.ts';
import {
  CommitOutcomeUnknownError,
  DatabaseUnreachableError,
  isConnectionLost,
  isRetryable,
  isRetryableConnect,
} from './database-errors.ts';

export type Client = pg.ClientBase;

export type DatabaseConfig = {
  /** As PostgreSQL takes it, or with `tls=rds` and `auth=iam`, see `connectionOptions`. */
  readonly connectionString: string;
  /** Most connections held at once. */
  readonly maxConnections?: number;
  /** How long to keep trying to connect: a paused Aurora takes 15 to 30 s to wake. */
  readonly connectPatienceMs?: number;
  /** Asked after a failed attempt to connect whether, with time left, another is worth making; by default it is. */
  readonly keepTrying?: (error: unknown, sinceMs: number) => boolean | Promise<boolean>;
  /** Told of each failed attempt to connect that will be repeated. */
  readonly onRetry?: (error: Error) => void;
  /** Shows in pg_stat_activity. */
  readonly applicationName?: string;
  /** Acts as this role, of which the user is a member. */
  readonly role?: string;
};

export type TransactionOptions = {
  readonly isolation?: 'read committed' | 'repeatable read';
  readonly readOnly?: boolean;
  /** Run-time parameters for this transaction alone, sent with BEGIN; not from users. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Asked on a new connection when the answer to COMMIT was lost: did it commit? */
  readonly committed?: (client: Client) => Promise<boolean>;
  /** Told of each attempt that is repeated. */
  readonly onRetry?: (error: Error) => void;
};

export type Database = {
  /** Lends a connection for as long as `work` runs; a broken one is not lent again. */
  withClient<T>(work: (client: Client) => Promise<T>): Promise<T>;
  /** The same, and again from the start when the connection is lost: for reads, and for statements that may happen twice. */
  repeat<T>(work: (client: Client) => Promise<T>): Promise<T>;
  /**
   * Runs `work` in a transaction. Serialization failures, deadlocks and lost connections repeat it from the
   * start, so `work` must have no effect outside the database.
   * @throws {CommitOutcomeUnknownError} if the connection broke during COMMIT and no `committed` was given.
   */
  transaction<T>(work: (client: Client) => Promise<T>, options?: TransactionOptions): Promise<T>;
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Waits for the connections that are lent, then closes all. */
  close(): Promise<void>;
  /** Cuts all connections now: what was not committed is rolled back, and nothing is repeated. */
  abandon(): void;
};

const dateOid = 1082;
const dateArrayOid = 1182;
const parserOf: (oid: number, format?: 'text' | 'binary') => unknown = pg.types.getTypeParser;

/** PostgreSQL dates stay calendar dates, `YYYY-MM-DD`: a Date would move them by the machine's time zone. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === dateOid) return (value: string) => value;
    if (oid === dateArrayOid) return (value: string) => value.slice(1, -1).split(',').filter(Boolean);
    return parserOf(oid, format);
  }) as pg.CustomTypesConfig['getTypeParser'],
};

const maxAttempts = 10;

export function openDatabase(config: DatabaseConfig): Database {
  const pool = new pg.Pool({
    ...connectionOptions(config.connectionString),
    max: config.maxConnections ?? 4,
    // An open connection keeps Aurora awake: give it back soon.
    idleTimeoutMillis: 5_000,
    connectionTimeoutMillis: 35_000,
    keepAlive: true,
    application_name: config.applicationName ?? 'fibbars',
    ...(config.role !== undefined && { options: `-c role=${config.role}` }),
    types,
  });
  // A connection that dies while idle is dropped by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  const open = new Set<pg.PoolClient>();
  pool.on('connect', (client) => {
    open.add(client);
    // Dates are compared as text and go into events, and a server, database or role may have another style by default. Sent
    // before any statement of ours; a connection on which it fails is broken, and the next statement says so.
    client.query(`set datestyle to 'ISO, YMD'; set timezone to 'UTC'`).catch(() => {});
  });
  pool.on('remove', (client) => open.delete(client));
  let abandoned = false;

  async function connect(): Promise<pg.PoolClient> {
    const start = Date.now();
    const deadline = start + (config.connectPatienceMs ?? 60_000);
    for (let attempt = 1; ; attempt++) {
      try {
        return await pool.connect();
      } catch (error) {
        const mayPass = !abandoned && isRetryableConnect(error) && Date.now() < deadline;
        if (!mayPass || (await config.keepTrying?.(error, Date.now() - start)) === false) {
          throw new DatabaseUnreachableError(config.connectionString, error);
        }
        config.onRetry?.(error as Error);
        await sleep(Math.min(2_000, 50 * 2 ** attempt));
      }
    }
  }

  async function withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = await connect();
    let broken: Error | undefined;
    const onError = (error: Error) => {
      broken = error;
    };
    client.on('error', onError);
    try {
      return await work(client);
    } catch (error) {
      if (isConnectionLost(error)) broken = error as Error;
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken ?? false);
    }
  }

  async function runOnce<T>(work: (client: Client) => Promise<T>, options: TransactionOptions): Promise<T> {
    const state: { committing: boolean; result?: { value: T } } = { committing: false };
    try {
      return await withClient(async (client) => {
        await client.query(beginOf(options));
        try {
          const value = await work(client);
          state.result = { value };
          state.committing = true;
          await client.query('commit');
          state.committing = false;
          return value;
        } catch (error) {
          if (!isConnectionLost(error)) {
            state.committing = false;
            await client.query('rollback');
          }
          throw error;
        }
      });
    } catch (error) {
      if (!state.committing || !state.result) throw error;
      if (!options.committed) throw new CommitOutcomeUnknownError(error);
      if (await withClient(options.committed)) return state.result.value;
      throw error;
    }
  }

  async function retrying<T>(attempt: () => Promise<T>, onRetry?: (error: Error) => void): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        if (abandoned || tries >= maxAttempts || !isRetryable(error)) throw error;
        onRetry?.(error as Error);
        await sleep(Math.random() * Math.min(2_000, 20 * 2 ** tries));
      }
    }
  }

  return {
    withClient,
    repeat: (work) => retrying(() => withClient(work)),
    transaction: (work, options = {}) => retrying(() => runOnce(work, options), options.onRetry),
    async query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]) {
      return await withClient(async (client) => (await client.query<Row>(text, values)).rows);
    },
    close: () => pool.end(),
    abandon() {
      abandoned = true;
      for (const client of open) streamOf(client)?.destroy();
    },
  };
}

function beginOf({
  isolation = 'read committed',
  readOnly = false,
  settings = {},
}: TransactionOptions): string {
  const begin = `begin isolation level ${isolation}${readOnly ? ' read only' : ''}`;
  return [begin, ...Object.entries(settings).map(([name, value]) => `set local ${name} to ${value}`)].join(
    '; ',
  );
}

/** The driver's socket: it has no other way to cut a connection that is in the middle of a statement. */
function streamOf(client: pg.PoolClient): { destroy(): void } | undefined {
  return (client as unknown as { connection?: { stream?: { destroy(): void } } }).connection?.stream;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
