/** What writing the finished rows costs, with nothing of ours: the floors that the work is held against. */

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Client, Database } from '../../services/shared/database.ts';
import { timed } from './measure.ts';

const columns = 'symbol, start_date, end_date, open, high, low, close, volume, bar_count';

/** Tables like silver, keys and fillfactor included. */
export async function createFloorTables(db: Database, intervals: readonly number[]): Promise<void> {
  await db.query('create schema if not exists bench');
  for (const days of intervals) {
    await db.query(`drop table if exists bench.floor_${days}d`);
    await db.query(
      `create table bench.floor_${days}d (like public.silver_${days}d including all) with (fillfactor = 90)`,
    );
  }
}

/** The finished rows as binary COPY, in key order. */
export async function readFinished(db: Database, intervals: readonly number[]): Promise<Map<number, Buffer>> {
  const finished = new Map<number, Buffer>();
  await db.withClient(async (client) => {
    for (const days of intervals) {
      const parts: Buffer[] = [];
      const text = `copy (select ${columns} from public.silver_${days}d order by symbol, start_date) to stdout (format binary)`;
      for await (const part of client.query(copyTo(text))) parts.push(part as Buffer);
      finished.set(days, Buffer.concat(parts));
    }
  });
  return finished;
}

/** Binary COPY of the finished rows into the empty keyed tables, one session. */
export async function copyFinishedIn(db: Database, finished: ReadonlyMap<number, Buffer>): Promise<number> {
  for (const days of finished.keys()) await db.query(`truncate bench.floor_${days}d`);
  await db.query('checkpoint');
  return await timed(() =>
    db.transaction(async (client) => {
      for (const [days, rows] of finished) {
        await pipeline(
          Readable.from(slices(rows)),
          client.query(copyFrom(`copy bench.floor_${days}d (${columns}) from stdin (format binary)`)),
        );
      }
    }),
  );
}

/** Bronze and silver out, in key order, read and thrown away. */
export async function copyAllOut(db: Database, intervals: readonly number[]): Promise<number> {
  return await timed(() =>
    db.transaction(async (client) => {
      await client.query('set local enable_seqscan = off');
      await drainCopy(
        client,
        'select symbol, date, open, high, low, close, volume from public.raw_ohlcv order by symbol, date',
      );
      for (const days of intervals) {
        await drainCopy(client, `select ${columns} from public.silver_${days}d order by symbol, start_date`);
      }
    }),
  );
}

/** Makes the floor tables hold what silver holds. */
export async function levelFloors(db: Database, intervals: readonly number[]): Promise<void> {
  for (const days of intervals) {
    await db.query(`truncate bench.floor_${days}d`);
    await db.query(
      `insert into bench.floor_${days}d select ${columns} from public.silver_${days}d order by symbol, start_date`,
    );
  }
}

/** Upserts the rows in which silver has moved on from the floor tables: read before, so that only the writing counts. */
export async function upsertMoved(db: Database, intervals: readonly number[]): Promise<number> {
  for (const days of intervals) {
    await db.query(`drop table if exists bench.moved_${days}d`);
    await db.query(
      `create table bench.moved_${days}d as
         select ${columns} from public.silver_${days}d except select ${columns} from bench.floor_${days}d`,
    );
  }
  await db.query('checkpoint');
  return await timed(() =>
    db.transaction(async (client) => {
      for (const days of intervals) {
        await client.query(
          `insert into bench.floor_${days}d (${columns}) select ${columns} from bench.moved_${days}d order by symbol, start_date
           on conflict (symbol, start_date) do update set end_date = excluded.end_date, open = excluded.open,
             high = excluded.high, low = excluded.low, close = excluded.close, volume = excluded.volume,
             bar_count = excluded.bar_count`,
        );
      }
    }),
  );
}

async function drainCopy(client: Client, query: string): Promise<void> {
  let bytes = 0;
  for await (const part of client.query(copyTo(`copy (${query}) to stdout (format binary)`))) {
    bytes += (part as Buffer).length;
  }
  if (bytes === 0) throw new Error(`nothing came of ${query}`);
}

function* slices(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 1 << 18) yield bytes.subarray(at, at + (1 << 18));
}
