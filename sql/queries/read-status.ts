import type { ClientBase } from 'pg';

export type DatabaseStatus = {
  readonly symbols: number;
  /** Daily bars in bronze. */
  readonly bars: string;
  readonly firstDate: string | null;
  readonly lastDate: string | null;
  /** Symbols whose old bars retention has dropped. */
  readonly retainedSymbols: number;
  /** Of these, the latest first day that is kept. */
  readonly retainedFrom: string | null;
  readonly quarantined: number;
  readonly invalidations: number;
  readonly oldestInvalidationSeconds: number | null;
  readonly liveJobs: number;
  /** Since the oldest of the unfinished jobs that have not started was submitted. */
  readonly oldestUnstartedSeconds: number | null;
  /** Since the first of the unfinished jobs that have started did so. */
  readonly oldestStartedSeconds: number | null;
  readonly failedJobs: number;
  readonly lastFailure: string | null;
  readonly unpublishedEvents: number;
  readonly oldestUnpublishedSeconds: number | null;
};

export async function readStatus(client: ClientBase): Promise<DatabaseStatus> {
  const { rows } = await client.query<DatabaseStatus>(
    `select (select count(*)::int from ops.symbol where bar_count > 0) as symbols,
            (select coalesce(sum(bar_count), 0)::text from ops.symbol) as bars,
            (select min(first_date) from ops.symbol) as "firstDate",
            (select max(last_date) from ops.symbol) as "lastDate",
            (select count(retained_from)::int from ops.symbol) as "retainedSymbols",
            (select max(retained_from) from ops.symbol) as "retainedFrom",
            (select count(*)::int from ops.quarantine) as quarantined,
            pending.count as invalidations,
            extract(epoch from clock_timestamp() - oldest.occurred_at)::float8 as "oldestInvalidationSeconds",
            (select count(*)::int from ops.job where finished_at is null) as "liveJobs",
            (select extract(epoch from clock_timestamp() - min(submitted_at))::float8
               from ops.job where finished_at is null and started_at is null) as "oldestUnstartedSeconds",
            (select extract(epoch from clock_timestamp() - min(started_at))::float8
               from ops.job where finished_at is null) as "oldestStartedSeconds",
            (select count(*)::int from ops.job where outcome = 'failed') as "failedJobs",
            (select failure from ops.job where outcome = 'failed' order by finished_at desc limit 1) as "lastFailure",
            unpublished.count as "unpublishedEvents",
            extract(epoch from clock_timestamp() - unpublished.oldest)::float8 as "oldestUnpublishedSeconds"
       from (select count(*)::int, min(change_id) as change_id from ops.invalidation) pending
       left join ops.change oldest on oldest.id = pending.change_id
       cross join (select count(*)::int, min(written_at) as oldest from ops.outbox where published_at is null) unpublished`,
  );
  return rows[0] as DatabaseStatus;
}

/** Trading days that some source delivered, oldest first. */
export async function readTradingDays(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ day: string }>(
    'select distinct trading_day as day from ops.trading_day order by trading_day',
  );
  return rows.map((row) => row.day);
}
