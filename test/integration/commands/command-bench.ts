import { pino } from 'pino';
import { resample } from '../../../services/resampler/resample.ts';
import { fromDays, toDays } from '../../../services/resampler/trading-date.ts';
import { readIntervals } from '../../../sql/queries/read-intervals.ts';
import { type BronzeChange, changeBronze, testBar } from '../../support/change-bronze.ts';
import { createTestDatabase } from '../../support/create-test-database.ts';

export type CommandBench = Awaited<ReturnType<typeof startCommandBench>>;

/** The trading day of an ordinal: every other day, so that there are days in between. */
export const day = (ordinal: number) => fromDays(toDays('2024-01-01') + 2 * ordinal);
export const dayAfter = (ordinal: number) => fromDays(toDays('2024-01-01') + 2 * ordinal + 1);

export const history = (count: number, seed = 0) =>
  Array.from({ length: count }, (_, ordinal) => testBar(day(ordinal), seed + ordinal));

/** A database with what the commands' logic needs; the work of the pipeline is done when the test says so. */
export async function startCommandBench() {
  const database = await createTestDatabase();
  const { db } = database;
  return {
    db,
    url: database.url,
    change: (...changes: BronzeChange[]) => db.transaction((client) => changeBronze(client, changes)),
    /** Works in all that is pending. */
    async resample() {
      const symbols = await db.query<{ symbol: string }>('select distinct symbol from ops.invalidation');
      return await resample(
        {
          db,
          logger: pino({ level: 'silent' }),
          publish: () => Promise.resolve(),
          signal: new AbortController().signal,
        },
        {
          jobId: null,
          symbols: symbols.map((row) => row.symbol),
          intervals: await db.withClient(readIntervals),
          sessions: 1,
        },
      );
    },
    pending: () =>
      db.query(
        `select symbol, from_date::text, through_date, reason, intervals from ops.invalidation order by symbol, id`,
      ),
    /** The details of the events that wait, oldest first, which then wait no longer. */
    async told() {
      const rows = await db.query<{ id: string; type: string; detail: Told }>(
        'delete from ops.outbox returning id, detail_type as type, detail',
      );
      return rows
        .toSorted((a, b) => Number(a.id) - Number(b.id))
        .map(({ type, detail }) => ({ type, ...detail }));
    },
    /** Which row versions a silver table has: they change with every write. */
    written: (days: number) =>
      db.query(`select xmin::text, ctid::text, symbol, start_date from public.silver_${days}d order by 3, 4`),
    /** What the state should be, and is not. */
    wrongStates: () =>
      db.query(
        `select state.symbol, bar_count, first_date, last_date, found.* from ops.symbol state
          cross join lateral (
            select count(*)::int as count, min(date) as first, max(date) as last
              from public.raw_ohlcv bar where bar.symbol = state.symbol) found
          where (bar_count, first_date, last_date) is distinct from (found.count, found.first, found.last)`,
      ),
    async clear() {
      await db.query(
        `truncate public.raw_ohlcv, ops.symbol, ops.invalidation, ops.change, ops.outbox, ops.run, ops.split, ops.quarantine,
           public.silver_3d, public.silver_5d, public.silver_8d, public.silver_13d, public.silver_21d, public.silver_34d`,
      );
    },
    drop: () => database.drop(),
  };
}

type Told = {
  metadata: { id: string; cause: string; correlationId: string; causationId: string | null };
  data: { symbols: string[]; reason?: string; fromDate?: string };
};
