import type { ClientBase } from 'pg';

export type Uncovered = {
  /** Ascending in byte order. */
  readonly symbols: string[];
  /** Highest id among the uncovered invalidations. */
  readonly throughId: string;
  /** Daily bars to read, by estimate: good for a number of shards, for nothing else. */
  readonly bars: number;
  /** Of the change that wrote the newest of them. */
  readonly correlationId: string | null;
  readonly causationId: string | null;
};

/**
 * What no live job is sure to see. An invalidation is covered by a job that is unfinished, computes every interval,
 * has its symbol, and has not started or sees it in the snapshot of its start.
 *
 *   symbol    in no live job      every invalidation is uncovered: probe the first and the last one
 *             in an unstarted     none is
 *             in started ones     those that none of their snapshots shows, all newer than the oldest xmin
 *
 * So it reads two index entries a symbol, and of the rest only what was written since the oldest live job started.
 * Only under the lock of claimJob: a start that is not yet committed would look like an unstarted job.
 */
export async function findUncovered(client: ClientBase): Promise<Uncovered | undefined> {
  // The estimates of such a query are wide: compiling it costs more than running it.
  await client.query('set local jit = off');
  const { rows } = await client.query<Uncovered>(
    `with live as materialized (
       select symbols, started_snapshot from ops.job
       where finished_at is null and intervals @> array(select days from ops.interval)
     ), claimed as materialized (
       select symbol, started_snapshot from live, unnest(symbols) as symbol
     ), started as materialized (
       select symbol from claimed group by symbol having bool_and(started_snapshot is not null)
     ), fresh as materialized (
       select symbol, id, from_date, through_date, written_by from ops.invalidation
       where exists (select from started)
         and written_by >= (select min(pg_snapshot_xmin(started_snapshot)) from live)
     ), uncovered as (
       select s.symbol, last.id,
         first.through_date is null or last.through_date is null as shifts,
         least(first.from_date, last.from_date) as from_date
       from ops.symbol s
       cross join lateral (
         select from_date, through_date from ops.invalidation i where i.symbol = s.symbol order by i.id limit 1
       ) first
       cross join lateral (
         select id, from_date, through_date from ops.invalidation i where i.symbol = s.symbol order by i.id desc limit 1
       ) last
       where not exists (select from claimed where claimed.symbol = s.symbol)
       union all
       select i.symbol, max(i.id), bool_or(i.through_date is null), min(i.from_date)
       from fresh i
       where i.symbol in (select symbol from started)
         and not exists (
           select from claimed
           where claimed.symbol = i.symbol and pg_visible_in_snapshot(i.written_by, claimed.started_snapshot)
         )
       group by i.symbol
     ), total as (
       select array_agg(u.symbol order by u.symbol) as symbols, max(u.id) as through_id,
         (array_agg(u.symbol order by u.id desc))[1] as newest_symbol,
         sum(case when u.shifts
           then ceil(s.bar_count * (s.last_date - greatest(u.from_date, s.first_date) + 1.0)
             / (s.last_date - s.first_date + 1))
           else 1 end) as bars
       from uncovered u left join ops.symbol s using (symbol)
     )
     select total.symbols, total.through_id as "throughId", greatest(coalesce(bars, 0), 1)::float8 as bars,
       change.correlation_id as "correlationId", change.event_id as "causationId"
     from total
     left join ops.invalidation newest on newest.id = total.through_id and newest.symbol = total.newest_symbol
     left join ops.change on change.id = newest.change_id
     where total.symbols is not null`,
  );
  return rows[0];
}
