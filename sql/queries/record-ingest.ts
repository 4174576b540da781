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
  readonly reason: 'appended' | 'inserted' | 'corrected' | 'deleted';
};

/** Of symbols whose newest bar is now of that day. */
export type StateAdvance = {
  /** A PostgreSQL array literal. */
  readonly symbols: string;
  readonly adjusted: boolean;
  /** ops.interval, ascending. */
  readonly intervals: readonly number[];
};

export type IngestRecord = {
  readonly change: NewChange;
  readonly day: TradingDayRow;
  /** What is still to be done to the state of symbols, which are also noted as appended; null: nothing. */
  readonly advance: StateAdvance | null;
  /** Beside those. */
  readonly noted: readonly DayChange[];
  readonly event: OutboxInsert;
};

export type RecordedChange = {
  readonly changeId: string;
  /** xid8 as text: `written_by` of its invalidations. */
  readonly transactionId: string;
};

/**
 * Everything but the bars of a delivery that changed bronze, in one statement, since round trips are what a small day costs: the
 * day, the change, the state of the appended symbols, the invalidations, the event. The symbols must be locked.
 */
export async function recordIngest(client: ClientBase, record: IngestRecord): Promise<RecordedChange> {
  const { change, day, event, advance } = record;
  const { rows } = await client.query<RecordedChange>({
    // Planned once a connection: planning takes longer than a day of few bars.
    name: `record-ingest-${advance === null ? 'noted' : advance.intervals.join('-')}`,
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
      ), outbox as (
        insert into ops.outbox (event_id, source, detail_type, detail) values ($11, $12, $13, $14)
      )${advance === null ? '' : `, appended as (${advanceState(advance.intervals)})`}, invalidations as (
        insert into ops.invalidation (symbol, from_date, through_date, reason, change_id)
        ${advance === null ? '' : `select symbol, $1::date, null, 'appended', change.id from appended, change union all`}
        select symbol, $1::date, case when reason = 'corrected' then $1::date end, reason, change.id
          from unnest($15::text[], $16::text[]) as noted (symbol, reason), change
      )
      select id::text as "changeId", pg_current_xact_id()::text as "transactionId" from change`,
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
      event.eventId,
      event.source,
      event.detailType,
      event.detail,
      record.noted.map((each) => each.symbol),
      record.noted.map((each) => each.reason),
      ...(advance === null ? [] : [advance.symbols, advance.adjusted]),
    ],
  });
  return rows[0] as RecordedChange;
}

/** A new group of N days begins where the bar's ordinal is a multiple of N; an unknown start stays unknown. */
function advanceState(intervals: readonly number[]): string {
  const starts = intervals.map((days, index) => {
    if (!Number.isInteger(days)) throw new RangeError(`${days} is no interval`);
    return `case when (base_ordinal + bar_count) % ${days} = 0 then $1::date else open_start[${index + 1}] end`;
  });
  return `
        update ops.symbol
           set bar_count = bar_count + 1,
               first_date = coalesce(first_date, $1),
               last_date = $1,
               source = case when bar_count + base_ordinal = 0 then $2 else source end,
               delivered_adjusted = case when bar_count + base_ordinal = 0 then $18 else delivered_adjusted end,
               open_start = case
                 when bar_count + base_ordinal = 0 then array_fill($1::date, array[${starts.length}])
                 when bar_count > 0 and cardinality(open_start) = ${starts.length} then array[${starts.join(', ')}]::date[]
               end
         where symbol = any($17::text[])
        returning symbol`;
}
