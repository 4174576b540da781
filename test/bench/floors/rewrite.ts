/**
 * What a change in mid-history costs with nothing of ours, as one would write it by hand. Of a late bar the finished rows lie in
 * tables, and one call of a function, whose plans the connection keeps, brings the floor tables to them; of a correction the
 * client sends them.
 */
import { indexPlans } from '../../../sql/queries/plan-by-index.ts';
import { timed } from '../measure.ts';
import type { Stand } from '../stand.ts';
import { silverColumns } from './tables.ts';

/** A change at one day of these symbols, which silver has and the floor tables do not have yet. */
export type Change = { readonly symbols: readonly string[]; readonly tradingDay: string };

export async function createRewrites({ db, intervals }: Stand): Promise<void> {
  for (const days of intervals) {
    await db.query(`drop table if exists bench.finished_${days}d`);
    await db.query(
      `create table bench.finished_${days}d as select ${silverColumns} from public.silver_${days}d with no data`,
    );
  }
  await db.query('drop table if exists bench.tail');
  await db.query(
    'create table bench.tail (days integer, symbol text collate "C", start_date date, primary key (days, symbol))',
  );
  const rewrites = intervals.map(
    (days) => `
      delete from bench.floor_${days}d floor using bench.tail
       where tail.days = ${days} and floor.symbol = tail.symbol and floor.start_date >= tail.start_date;
      insert into bench.floor_${days}d (${silverColumns}) select ${silverColumns} from bench.finished_${days}d;`,
  );
  // Keys alone: the planner cannot know how few the finished rows are.
  await db.query(
    `create or replace function bench.rewrite_tails() returns void language plpgsql
       set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
       as $$ begin ${rewrites.join('')} end $$`,
  );
}

/** Deletes each symbol's groups from that of the day on, and inserts the finished ones. */
export async function rewriteTails({ db, intervals }: Stand, change: Change): Promise<number> {
  await db.query('delete from bench.tail');
  for (const days of intervals) {
    await db.query(
      `insert into bench.tail
       select ${days}, wanted.symbol, (select max(start_date) from bench.floor_${days}d floor
                                 where floor.symbol = wanted.symbol and floor.start_date <= $2)
         from unnest($1::text[]) as wanted (symbol)`,
      [change.symbols, change.tradingDay],
    );
    await db.query(`delete from bench.finished_${days}d`);
    await db.query(
      `insert into bench.finished_${days}d
       select silver.* from bench.tail
        cross join lateral (
          select ${silverColumns} from public.silver_${days}d silver
           where silver.symbol = tail.symbol and silver.start_date >= tail.start_date
           order by start_date) silver
        where tail.days = ${days}
        order by silver.symbol, silver.start_date`,
    );
  }
  await db.query('checkpoint');
  return await timed(() => db.query('select bench.rewrite_tails()'));
}

/** Updates each symbol's group of the day: one prepared statement an interval, with the finished rows as its parameters. */
export async function updateGroups({ db, intervals }: Stand, change: Change): Promise<number> {
  const updates = new Map<number, unknown[][]>();
  for (const days of intervals) {
    const rows = await db.query<Record<string, unknown>>(
      `select silver.* from unnest($1::text[]) as wanted (symbol)
        cross join lateral (
          select ${silverColumns} from public.silver_${days}d silver
           where silver.symbol = wanted.symbol and silver.start_date <= $2
           order by start_date desc
           limit 1) silver
        order by silver.symbol`,
      [change.symbols, change.tradingDay],
    );
    updates.set(
      days,
      silverColumns.split(', ').map((column) => rows.map((row) => row[column])),
    );
  }
  await db.query('checkpoint');
  return await timed(() =>
    db.transaction(
      async (client) => {
        for (const [days, values] of updates) {
          await client.query({
            name: `update-groups-${days}`,
            text: `
              update bench.floor_${days}d floor
                 set end_date = finished.end_date, open = finished.open, high = finished.high, low = finished.low,
                     close = finished.close, volume = finished.volume, bar_count = finished.bar_count
                from unnest($1::text[], $2::date[], $3::date[], $4::numeric[], $5::numeric[], $6::numeric[],
                            $7::numeric[], $8::numeric[], $9::int[]) as finished (${silverColumns})
               where floor.symbol = finished.symbol and floor.start_date = finished.start_date`,
            values,
          });
        }
      },
      { settings: indexPlans },
    ),
  );
}
