import type { ClientBase } from 'pg';
import type { OutboxInsert } from './insert-outbox.ts';

export type Run = {
  readonly id: string;
  readonly jobId: string | null;
  readonly symbols: readonly string[];
  readonly changeIds: readonly string[];
  readonly changedRows: number;
};

export type RefilledState = {
  readonly symbol: string;
  readonly barCount: number;
  readonly lastDate: string | null;
  /** Start of the newest group of each interval, ascending by days; null: unknown. */
  readonly openStart: readonly string[] | null;
};

/**
 * Ends a chunk in one statement: what it found out about its symbols, its events, its run. The symbols must be locked.
 * @param refilled symbols that were read to their end, and are not as ops.symbol says.
 */
export async function finishRun(
  client: ClientBase,
  run: Run,
  events: readonly OutboxInsert[],
  refilled: readonly RefilledState[],
): Promise<void> {
  await client.query({
    name: 'finish-run',
    text: `
      with run as (
        -- now() is when the transaction began: changes that it has seen may be younger.
        insert into ops.run (id, job_id, symbols, change_ids, changed_rows, committed_at)
        values ($1, $2, $3, $4, $5, clock_timestamp())
      ), outbox as (
        insert into ops.outbox (event_id, source, detail_type, detail)
        select * from unnest($6::uuid[], $7::text[], $8::text[], $9::json[])
      )
      update ops.symbol state
         set bar_count = found.bar_count, last_date = found.last_date, open_start = found.open_start::date[]
        from unnest($10::text[], $11::int[], $12::date[], $13::text[])
          as found (symbol, bar_count, last_date, open_start)
       where state.symbol = found.symbol`,
    values: [
      run.id,
      run.jobId,
      run.symbols,
      run.changeIds,
      run.changedRows,
      events.map((event) => event.eventId),
      events.map((event) => event.source),
      events.map((event) => event.detailType),
      events.map((event) => event.detail),
      refilled.map((state) => state.symbol),
      refilled.map((state) => state.barCount),
      refilled.map((state) => state.lastDate),
      refilled.map((state) => (state.openStart === null ? null : `{${state.openStart.join(',')}}`)),
    ],
  });
}
