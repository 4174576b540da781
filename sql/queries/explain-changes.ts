import type { ClientBase } from 'pg';

export type ExplainedDays = {
  readonly symbol: string;
  /** Of the interval. */
  readonly days: number;
  /** First and last trading day of the group. */
  readonly from: string;
  readonly through: string;
};

export type ExplainedChange = {
  readonly id: string;
  readonly kind: 'ingest' | 'delete' | 'split' | 'replay' | 'rebuild';
  readonly cause: string;
  readonly source: string;
  /** null: it is not about one day. */
  readonly tradingDay: string | null;
  readonly eventId: string;
  readonly correlationId: string;
  readonly occurredAt: Date;
  /** Silver does not know it yet. */
  readonly pending: boolean;
};

/**
 * The changes that may have touched a group, newest first, and how many there are: those of its own days, those that are about
 * no single day, and those of earlier days that came when the group was there, and moved it. Retention touches no group that is left.
 */
export async function explainChanges(
  client: ClientBase,
  { symbol, days, from, through }: ExplainedDays,
  limit: number,
): Promise<{ changes: ExplainedChange[]; total: number }> {
  const { rows } = await client.query<ExplainedChange & { total: number }>(
    `with worked as materialized (
       select distinct unnest(change_ids) as id from ops.run where $1 = any(symbols)
     ), noted as materialized (
       select id, kind, cause, correlation_id from ops.change
        where id in (select change_id from ops.invalidation where symbol = $1)
     ), pending as materialized (
       select id from noted
       union
       -- Days of a backfill note nothing while an earlier one is pending.
       select change.id
         from (select correlation_id, min(id) as id from noted
                where kind = 'ingest' and cause = 'backfill' group by correlation_id) first
         join ops.change change
           on change.id >= first.id and change.correlation_id = first.correlation_id
          and change.kind = 'ingest' and change.cause = 'backfill'
     ), about as materialized (
       select change.* from ops.change change
        where (id in (select id from worked) or id in (select id from pending))
          and kind <> 'retention'
          and (kind <> 'ingest' or coalesce((
                select (detail -> 'data' -> 'symbols')::jsonb ? $1 from ops.outbox event
                 where event.event_id = change.event_id and detail -> 'data' -> 'symbols' is not null), true))
          and coalesce((counts -> 'intervals') @> to_jsonb($2::int), true)
     ), first as (
       select min(id) as id from about where kind = 'ingest' and trading_day between $3 and $4
     )
     select about.id::text, kind, cause, source, trading_day as "tradingDay", event_id as "eventId",
            correlation_id as "correlationId", occurred_at as "occurredAt",
            about.id in (select id from pending) as pending, count(*) over ()::int as total
       from about, first
      where trading_day between $3 and $4
         or trading_day is null
         or (trading_day < $3 and about.id > first.id
             and (kind <> 'ingest' or (counts ->> 'inserted')::int + (counts ->> 'deleted')::int > 0))
      order by about.id desc
      limit $5`,
    [symbol, days, from, through, limit],
  );
  const changes = rows.map(({ total: _total, ...change }) => change);
  return { changes, total: rows[0]?.total ?? 0 };
}
