import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../services/local/postgres/start-postgres.ts';
import { verify } from '../../services/resampler/verify.ts';
import { type Database, openDatabase } from '../../services/shared/database.ts';
import { migrate } from '../../sql/migrate.ts';
import { readIntervals } from '../../sql/queries/read-intervals.ts';
import { loadMarket, type Market } from './market.ts';
import { invalidateAll } from './work.ts';

/** A PostgreSQL of its own, with its defaults, and a market in bronze: where rows are measured. */
export type Stand = {
  readonly market: Market;
  readonly db: Database;
  readonly url: string;
  /** For files; removed with the stand. */
  readonly directory: string;
  /** In days, ascending. */
  readonly intervals: readonly number[];
  /** All, ascending. */
  readonly symbols: readonly string[];
  /** The first day of the market that bronze does not have yet; whoever asks adds it. */
  nextDay(): number;
  close(): Promise<void>;
};

/** Loads the market; silver is empty, and all of it invalidated. */
export async function openStand(market: Market): Promise<Stand> {
  const directory = await mkdtemp(join(tmpdir(), 'fibbars-bench-'));
  const postgres = await startPostgres({ directory: join(directory, 'postgres') });
  const db = openDatabase({ connectionString: postgres.url, maxConnections: 6 });
  const close = async () => {
    await db.close();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await db.withClient(migrate);
    await loadMarket(db, market);
    const rows = await db.query<{ symbol: string }>('select symbol from ops.symbol order by symbol');
    let day = market.days;
    const stand = {
      market,
      db,
      url: postgres.url,
      directory,
      intervals: await db.withClient(readIntervals),
      symbols: rows.map((row) => row.symbol),
      nextDay: () => day++,
      close,
    };
    await invalidateAll(stand);
    return stand;
  } catch (error) {
    await close();
    throw error;
  }
}

/** @throws if a row of silver is not what bronze gives, or a symbol is pending. */
export async function expectRight(db: Database): Promise<void> {
  const { differing, pending } = await verify(db);
  if (differing > 0 || pending.length > 0)
    throw new Error(`${differing} bars differ, ${pending.length} symbols are pending`);
}
