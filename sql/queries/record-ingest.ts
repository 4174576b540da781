import type { ClientBase } from 'pg';
import type { OutboxInsert } from './insert-outbox.ts';
import type { TradingDayRow } from './upsert-trading-day.ts';

export type NewChange = {
  readonly eventId: string;
  readonly kind: 'ingest';
  readonly cause: 'live' | 'backfill' | 'correction' | 'split' | 'replay';
  readonly source: string;
  readonly tradingDay: string;
  readonly correlationId: string;
  readonly counts: Readonly<Record<string, unknown>>;
};

/** A correction ends on its day, the others move all later groups. */
export type DayChange = {
  readonly symbol: string;
  readonly reason: 'inserted' | 'corrected' | 'deleted';
};

export type IngestRecord = {
  readonly change: NewChange;
  readonly day: TradingDayRow;
  readonly adjusted: boolean;
  /** A PostgreSQL array literal: symbols whose newest bar is now of that day. */
  readonly appended: string;
  readonly others: readonly DayChange[];
  readonly event: OutboxInsert;
  /** ops.interval, ascending. */
  readonly intervals: readonly number[];
};

/**
 * Everything but the bars of a delivery that changed bronze, in one statement, since round trips are what a small day costs: the
 * day, the change, the state of the appended symbols, the invalidations, the event. The symbols must be locked.
 *
 * A new group of N days begins where the bar's ordinal is a multiple of N; an unknown start stays unknown.
 */
export async function recordIngest(client: ClientBase, record: IngestRecord): Promise<void> {
  const { change, day, event, intervals } = record;
  const starts = intervals.map((days, index) => {
    if (!Number.isInteger(days)) throw new RangeError(`${days} is no interval`);
    return `case when (base_ordinal + bar_count) % ${days} = 0 then $1::date else open_start[${index + 1}] end`;
  });
  await client.query({
    // Planned once a connection: planning takes longer than a day of few bars.
    name: `record-ingest-${intervals.join('-')}`,
    text: `
      with day as (
        insert into ops.trading_day as known (source, trading_day, fingerprint, bars, quarantined)
        values ($2, $1, $3, $4, $5)
        on conflict (source, trading_day) do update
           set fingerprint = excluded.fingerprint, bars = excluded.bars, quarantined = excluded.quarantined,
               checked_at = now(), ingested_at = now()
      ), change as (
        insert into ops.change (event_id, kind, cause, source, trading_day, correlation_id, counts)
        values ($6, $7, $8, $2, $1, $9, $10)
        returning id
      ), appended as (
        update ops.symbol
           set bar_count = bar_count + 1,
               first_date = coalesce(first_date, $1),
               last_date = $1,
               source = case when bar_count + base_ordinal = 0 then $2 else source end,
               delivered_adjusted = case when bar_count + base_ordinal = 0 then $11 else delivered_adjusted end,
               open_start = case
                 when bar_count + base_ordinal = 0 then array_fill($1::date, array[${starts.length}])
                 when bar_count > 0 and cardinality(open_start) = ${starts.length} then array[${starts.join(', ')}]::date[]
               end
         where symbol = any($12::text[])
        returning symbol
      ), outbox as (
        insert into ops.outbox (event_id, source, detail_type, detail) values ($13, $14, $15, $16)
      )
      insert into ops.invalidation (symbol, from_date, through_date, reason, change_id)
      select symbol, $1::date, null, 'appended', change.id from appended, change
      union all
      select symbol, $1::date, case when reason = 'corrected' then $1::date end, reason, change.id
        from unnest($17::text[], $18::text[]) as other (symbol, reason), change`,
    values: [
      change.tradingDay,
      change.source,
      day.fingerprint,
      day.bars,
      day.quarantined,
      change.eventId,
      change.kind,
      change.cause,
      change.correlationId,
      JSON.stringify(change.counts),
      record.adjusted,
      record.appended,
      event.eventId,
      event.source,
      event.detailType,
      event.detail,
      record.others.map((each) => each.symbol),
      record.others.map((each) => each.reason),
    ],
  });
}
