import { timed } from '../measure.ts';
import type { Stand } from '../stand.ts';
import { bronzeColumns, createTables, silverColumns } from './tables.ts';

/** The definition as one would first write it, one interval after another, into empty tables bench.naive_3d and so on. */
export async function rebuildNaively(stand: Stand): Promise<number> {
  const { db, intervals } = stand;
  await createTables(stand, 'naive');
  await db.query('checkpoint');
  return await timed(async () => {
    for (const days of intervals) {
      await db.query(
        `insert into bench.naive_${days}d (${silverColumns})
         select symbol, min(date), max(date), (array_agg(open order by date))[1], max(high), min(low),
                (array_agg(close order by date desc))[1], sum(volume), count(*)
           from (select ${bronzeColumns}, row_number() over (partition by symbol order by date) - 1 as ordinal
                   from public.raw_ohlcv) numbered
          group by symbol, ordinal / ${days}
         on conflict (symbol, start_date) do update set end_date = excluded.end_date, open = excluded.open,
           high = excluded.high, low = excluded.low, close = excluded.close, volume = excluded.volume,
           bar_count = excluded.bar_count`,
      );
    }
  });
}
