import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { timed } from '../measure.ts';
import type { Stand } from '../stand.ts';
import { bronzeColumns } from './tables.ts';

/** Makes bench.raw_ohlcv with the rows of bronze, written in the same order. */
export async function createBronzeFloor({ db }: Stand): Promise<void> {
  await db.query('create schema if not exists bench');
  await db.query('drop table if exists bench.raw_ohlcv');
  await db.query('create table bench.raw_ohlcv (like public.raw_ohlcv including all)');
  await db.query(
    `insert into bench.raw_ohlcv (${bronzeColumns}) select ${bronzeColumns} from public.raw_ohlcv`,
  );
  await db.query('vacuum analyze');
}

/** A day's rows in COPY's text format, straight in. */
export async function copyLinesIn({ db }: Stand, lines: string): Promise<number> {
  await db.query('checkpoint');
  return await timed(() =>
    db.withClient((client) =>
      pipeline([lines], client.query(copyFrom(`copy bench.raw_ohlcv (${bronzeColumns}) from stdin`))),
    ),
  );
}
