import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { from as copyFrom } from 'pg-copy-streams';
import { pino } from 'pino';
import { flatFileDays } from '../../../services/fetcher/available-days.ts';
import { backfill } from '../../../services/fetcher/backfill.ts';
import { withDayFileReader } from '../../../services/fetcher/day-file-readers.ts';
import { flatFileSource } from '../../../services/fetcher/flat-file.ts';
import { bronzeColumns } from '../floors/tables.ts';
import { copyLines, dateOf, flatFile, type Market } from '../market.ts';
import { timed } from '../measure.ts';
import type { Row } from '../row.ts';
import { expectRight, openStand, type Stand } from '../stand.ts';
import { resampleAll } from '../work.ts';

export const backfilled: Row = {
  word: 'backfill',
  market: { symbols: 11_000, days: 252 },
  rounds: 1,
  async measureAlone({ market, add, progress, signal }) {
    progress('writing its day files');
    const stand = await openStand({ ...market, days: 0 }, signal);
    try {
      const folder = join(stand.directory, 'days');
      await writeDayFiles(folder, market);
      await add({
        works: [
          {
            name: 'a backfill of all day files into empty bronze',
            goal: { atMost: 2 },
            prepare: () => emptyBronze(stand),
            run: () => timed(() => backfillFrom(folder, stand, market, signal)),
          },
        ],
        floor: 'one COPY of their rows, as text, into an empty table like bronze',
        runFloor: () => copyAll(stand, market),
      });
      progress('verifying');
      const symbols = await stand.db.query<{ symbol: string }>(
        'select symbol from ops.symbol order by symbol',
      );
      await resampleAll({ ...stand, symbols: symbols.map(({ symbol }) => symbol) }, 2);
      await expectRight(stand.db);
    } finally {
      await stand.close();
    }
  },
};

async function writeDayFiles(folder: string, market: Market): Promise<void> {
  await mkdir(folder);
  for (let day = 0; day < market.days; day++) {
    await writeFile(join(folder, `${dateOf(day)}.csv.gz`), await promisify(gzip)(flatFile(market, day)));
  }
}

async function emptyBronze({ db }: Stand): Promise<void> {
  await db.query(
    'truncate public.raw_ohlcv, ops.symbol, ops.invalidation, ops.change, ops.outbox, ops.trading_day',
  );
  await db.query('checkpoint');
}

async function backfillFrom(
  folder: string,
  { db }: Stand,
  market: Market,
  signal: AbortSignal,
): Promise<void> {
  const concurrency = availableParallelism();
  const report = await withDayFileReader(concurrency, async (read) =>
    backfill(
      { db, logger: pino({ level: 'silent' }), publish: () => Promise.resolve() },
      {
        source: flatFileSource,
        days: await flatFileDays(folder, {}, {}, read),
        cause: 'backfill',
        signal,
        readAhead: concurrency + 1,
      },
    ),
  );
  if (report.ingested !== market.days || report.inserted !== report.received)
    throw new Error(
      `${report.ingested} of ${market.days} days, ${report.inserted} of ${report.received} bars`,
    );
}

async function copyAll({ db }: Stand, market: Market): Promise<number> {
  await db.query('create schema if not exists bench');
  await db.query('drop table if exists bench.raw_ohlcv');
  await db.query('create table bench.raw_ohlcv (like public.raw_ohlcv including all)');
  await db.query('checkpoint');
  function* days() {
    for (let day = 0; day < market.days; day++) yield copyLines(market, day);
  }
  // Made before it counts, as the files are.
  const lines = [...days()];
  return await timed(() =>
    db.withClient((client) =>
      pipeline(
        Readable.from(lines),
        client.query(copyFrom(`copy bench.raw_ohlcv (${bronzeColumns}) from stdin`)),
      ),
    ),
  );
}
