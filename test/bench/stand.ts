import { startPostgres } from '../../services/local/postgres/start-postgres.ts';
import { verify } from '../../services/resampler/verify.ts';
import { type Database, openDatabase } from '../../services/shared/database.ts';
import { migrate } from '../../sql/migrate.ts';
import { readIntervals } from '../../sql/queries/read-intervals.ts';
import { makeDirectory } from './directory.ts';
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

/**
 * Loads the market; silver is empty, and all of it invalidated.
 * @param signal cuts all connections, so that what runs on them ends.
 */
export async function openStand(market: Market, signal: AbortSignal): Promise<Stand> {
  const directory = await makeDirectory();
  const postgres = await startPostgres({ directory: directory.postgres });
  const db = openDatabase({ connectionString: postgres.url, maxConnections: 6 });
  const abandon = () => db.abandon();
  signal.addEventListener('abort', abandon);
  const close = async () => {
    signal.removeEventListener('abort', abandon);
    await db.close();
    await postgres.stop();
    await directory.remove();
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
      directory: directory.path,
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
