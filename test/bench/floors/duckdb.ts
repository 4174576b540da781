/** The same bars by DuckDB, a peer that is made for such queries, with exact decimals as ours. */
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { timed } from '../measure.ts';
import type { Stand } from '../stand.ts';
import { bronzeColumns, createTables, silverColumns } from './tables.ts';

const decimals = ['open', 'high', 'low', 'close', 'volume'].map((name) => `${name}: 'decimal(18, 4)'`);
const csvColumns = `{symbol: 'varchar', date: 'date', ${decimals.join(', ')}}`;

/** Out of PostgreSQL as CSV, which is what DuckDB reads of COPY, and back the same way into empty tables bench.duckdb_3d and so on. */
export async function rebuildByDuckDb(stand: Stand): Promise<number> {
  await createTables(stand, 'duckdb');
  await stand.db.query('checkpoint');
  return await timed(async () => {
    const csv = await writeBronze(stand);
    await withDuckDb(':memory:', async (duck) => {
      await duck.run(
        `create table numbered as select *, row_number() over (partition by symbol order by date) - 1 as ordinal
           from read_csv('${csv}', header = false, columns = ${csvColumns})`,
      );
      for (const days of stand.intervals)
        await writeSilver(duck, `(${groups('numbered', days)})`, fileOf(stand, days));
    });
    await copySilverIn(stand);
  });
}

/** A DuckDB in a file of its own, with bronze in it. */
export type Store = { readonly file: string };

export async function createStore(stand: Stand): Promise<Store> {
  const file = join(stand.directory, 'bench.duckdb');
  await rm(file, { force: true });
  const csv = await writeBronze(stand);
  await withDuckDb(file, async (duck) => {
    await duck.run(
      `create table bar as select * from read_csv('${csv}', header = false, columns = ${csvColumns})`,
    );
  });
  return { file };
}

/** Inside the store, one interval after another. */
export async function rebuildInStore({ file }: Store, { intervals }: Stand): Promise<number> {
  return await withDuckDb(file, async (duck) => {
    for (const days of intervals) await duck.run(`drop table if exists silver_${days}d`);
    await duck.run('checkpoint');
    // Reads bronze once, so that it is as warm as PostgreSQL's.
    await duck.run('select sum(open + high + low + close + volume) from bar');
    return await timed(async () => {
      for (const days of intervals) {
        const numbered =
          '(select *, row_number() over (partition by symbol order by date) - 1 as ordinal from bar)';
        await duck.run(`create table silver_${days}d as ${groups(numbered, days)}`);
      }
    });
  });
}

/** Brings what the store has computed to bench.duckdb_3d and so on, to be compared. */
export async function copyStoreIn({ file }: Store, stand: Stand): Promise<void> {
  await createTables(stand, 'duckdb');
  await withDuckDb(file, async (duck) => {
    for (const days of stand.intervals) await writeSilver(duck, `silver_${days}d`, fileOf(stand, days));
  });
  await copySilverIn(stand);
}

function groups(numbered: string, days: number): string {
  return `select symbol, min(date) as start_date, max(date) as end_date, arg_min(open, date) as open, max(high) as high,
                 min(low) as low, arg_max(close, date) as close, sum(volume) as volume, count(*) as bar_count
            from ${numbered} group by symbol, ordinal // ${days}`;
}

async function writeBronze({ db, directory }: Stand): Promise<string> {
  const file = join(directory, 'bronze.csv');
  await db.withClient((client) =>
    pipeline(
      client.query(copyTo(`copy public.raw_ohlcv (${bronzeColumns}) to stdout (format csv)`)),
      createWriteStream(file),
    ),
  );
  return file;
}

/** In key order, which is what tables with keys take in fastest. */
async function writeSilver(duck: DuckDBConnection, source: string, file: string): Promise<void> {
  await duck.run(
    `copy (select ${silverColumns} from ${source} order by symbol, start_date) to '${file}' (format csv, header false)`,
  );
}

async function copySilverIn(stand: Stand): Promise<void> {
  await stand.db.transaction(async (client) => {
    for (const days of stand.intervals) {
      await pipeline(
        createReadStream(fileOf(stand, days), { highWaterMark: 1 << 18 }),
        client.query(copyFrom(`copy bench.duckdb_${days}d (${silverColumns}) from stdin (format csv)`)),
      );
    }
  });
}

function fileOf({ directory }: Stand, days: number): string {
  return join(directory, `duckdb_${days}d.csv`);
}

async function withDuckDb<T>(file: string, work: (duck: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(file);
  const duck = await instance.connect();
  try {
    return await work(duck);
  } finally {
    duck.closeSync();
    instance.closeSync();
  }
}
