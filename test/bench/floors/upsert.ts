import { timed } from '../measure.ts';
import type { Stand } from '../stand.ts';
import { silverColumns } from './tables.ts';

/**
 * Upserts the newest group of each symbol that traded on a day, into the floor tables. They are found before, by keys alone, so
 * that only the writing counts.
 */
export async function upsertNewest({ db, intervals }: Stand, tradingDay: string): Promise<number> {
  for (const days of intervals) {
    await db.query(`drop table if exists bench.newest_${days}d`);
    await db.query(
      `create table bench.newest_${days}d as
         select newest.* from ops.symbol state
          cross join lateral (
            select ${silverColumns} from public.silver_${days}d silver
             where silver.symbol = state.symbol
             order by start_date desc
             limit 1) newest
          where newest.end_date = '${tradingDay}'
          order by newest.symbol`,
    );
  }
  await db.query('checkpoint');
  return await timed(() =>
    db.transaction(async (client) => {
      for (const days of intervals) {
        await client.query(
          `insert into bench.floor_${days}d (${silverColumns}) select ${silverColumns} from bench.newest_${days}d
           on conflict (symbol, start_date) do update set end_date = excluded.end_date, open = excluded.open,
             high = excluded.high, low = excluded.low, close = excluded.close, volume = excluded.volume,
             bar_count = excluded.bar_count`,
        );
      }
    }),
  );
}
