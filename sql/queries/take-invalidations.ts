import type { ClientBase } from 'pg';

/** The pending invalidations of one symbol, merged. */
export type Taken = {
  readonly symbol: string;
  readonly fromDate: string;
  /** Last day whose values changed; null: everything from `fromDate` on. */
  readonly throughDate: string | null;
  /** null: all intervals. */
  readonly intervals: readonly number[] | null;
  readonly invalidations: number;
  /** Of these, how many only ask for a replay. */
  readonly replays: number;
};

export type TakenChange = {
  readonly id: string;
  readonly cause: 'live' | 'backfill' | 'correction' | 'split' | 'replay';
  readonly eventId: string;
  readonly correlationId: string;
};

/**
 * Deletes the pending invalidations of the symbols and returns them, one row a symbol, in `collate "C"` order, and the
 * changes that they came from, oldest first.
 * Days of a backfill that came after one whose invalidation is still pending have noted nothing of their own (see
 * services/fetcher/backfill-memory.ts): their changes are taken with it.
 * The symbols must be locked by an earlier statement, or an invalidation that was committed while this one waited is missed.
 */
export async function takeInvalidations(
  client: ClientBase,
  symbols: readonly string[],
): Promise<{ taken: Taken[]; changes: TakenChange[] }> {
  const { rows } = await client.query<Taken & { changes: TakenChange[] | null }>({
    name: 'take-invalidations',
    text: `with taken as materialized (
       delete from ops.invalidation where symbol = any($1)
       returning symbol, from_date, through_date, reason, intervals, change_id
     ), scoped as (
       select symbol, array_agg(distinct days order by days) as intervals
         from taken cross join lateral unnest(taken.intervals) as days
        group by symbol
     ), noted as materialized (
       select id, kind, cause, event_id, correlation_id from ops.change where id in (select change_id from taken)
     ), joined as (
       select change.id, change.kind, change.cause, change.event_id, change.correlation_id
         from (select correlation_id, min(id) as id from noted
                where kind = 'ingest' and cause = 'backfill' group by correlation_id) first
         join ops.change change
           on change.id >= first.id and change.correlation_id = first.correlation_id
          and change.kind = 'ingest' and change.cause = 'backfill'
     )
     select taken.symbol,
            min(from_date) as "fromDate",
            case when bool_or(through_date is null) then null else max(through_date) end as "throughDate",
            case when bool_or(taken.intervals is null) then null else min(scoped.intervals) end as intervals,
            count(*)::int as invalidations,
            count(*) filter (where reason = 'replay')::int as replays,
            null::json as changes
       from taken left join scoped using (symbol)
      group by taken.symbol
     union all
     select null, null, null, null, 0, 0, (
       select json_agg(json_build_object('id', id::text, 'cause', cause, 'eventId', event_id,
                                         'correlationId', correlation_id) order by id)
         from (table noted union table joined) change)
      order by symbol nulls first`,
    values: [symbols],
  });
  const [first, ...taken] = rows;
  return { taken, changes: first?.changes ?? [] };
}
