import type { ClientBase } from 'pg';

/** A change of bronze or of splits, or a wish for a recomputation, and the event that told of it. */
export type TracedChange = {
  readonly id: string;
  readonly kind: 'ingest' | 'delete' | 'retention' | 'split' | 'replay' | 'rebuild';
  readonly cause: string;
  readonly source: string;
  readonly tradingDay: string | null;
  readonly occurredAt: Date;
  readonly eventId: string;
  /** null: not yet, or the outbox has forgotten it. */
  readonly publishedAt: Date | null;
};

export type TracedJob = {
  readonly id: string;
  readonly batchJobId: string | null;
  /** Of the newest of the changes that it took along. */
  readonly correlationId: string;
  readonly symbols: number;
  readonly claimedAt: Date;
  readonly submittedAt: Date | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly outcome: 'succeeded' | 'failed' | null;
  readonly failure: string | null;
};

export type TracedRun = {
  readonly id: string;
  /** null: it ran outside of a job. */
  readonly jobId: string | null;
  readonly symbols: number;
  readonly changedRows: number;
  readonly committedAt: Date;
};

/** An event that came of the runs or of the job's end. */
export type TracedEvent = {
  readonly eventId: string;
  readonly detailType: 'SilverUpdated' | 'ResampleFailed';
  readonly correlationId: string;
  readonly cause: string;
  /** Of SilverUpdated; null for others. */
  readonly runId: string | null;
  readonly interval: number | null;
  readonly changedRows: number | null;
  readonly writtenAt: Date;
  readonly publishedAt: Date | null;
};

export type Trace = {
  readonly correlationId: string;
  readonly changes: readonly TracedChange[];
  /** Invalidations of the changes that no run has worked in yet. */
  readonly pending: number;
  readonly jobs: readonly TracedJob[];
  readonly runs: readonly TracedRun[];
  readonly events: readonly TracedEvent[];
};

/** The correlation id that an id means: that itself, or the one of the event of that id; undefined: nobody knows it. */
export async function findCorrelation(client: ClientBase, id: string): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>(
    `select correlation_id as id from ops.change where correlation_id = $1 or event_id = $1
     union all
     select (detail -> 'metadata' ->> 'correlationId')::uuid from ops.outbox where event_id = $1
     limit 1`,
    [id],
  );
  return rows[0]?.id;
}

/**
 * All that one fetch, backfill, correction or replay set off, each list oldest first. Jobs and chunks take changes of several
 * correlations along, and bear the id of the newest: they are found by the changes that they worked in.
 */
export async function readTrace(client: ClientBase, correlationId: string): Promise<Trace> {
  const { rows: changes } = await client.query<TracedChange>(
    `select change.id::text, kind, cause, change.source, trading_day as "tradingDay", occurred_at as "occurredAt",
            change.event_id as "eventId", published_at as "publishedAt"
       from ops.change left join ops.outbox using (event_id)
      where correlation_id = $1
      order by change.id`,
    [correlationId],
  );
  const changeIds = changes.map((change) => change.id);
  const { rows: runs } = await client.query<TracedRun>(
    `select id, job_id as "jobId", cardinality(symbols) as symbols, changed_rows as "changedRows",
            committed_at as "committedAt"
       from ops.run where change_ids && $1::bigint[]
      order by committed_at, id`,
    [changeIds],
  );
  const { rows: jobs } = await client.query<TracedJob>(
    `select id, batch_job_id as "batchJobId", correlation_id as "correlationId", cardinality(symbols) as symbols,
            claimed_at as "claimedAt", submitted_at as "submittedAt", started_at as "startedAt",
            finished_at as "finishedAt", outcome, failure
       from ops.job where correlation_id = $1 or id = any($2)
      order by claimed_at, id`,
    [correlationId, runs.flatMap((run) => run.jobId ?? [])],
  );
  const { rows: events } = await client.query<TracedEvent>(
    `select event_id as "eventId", detail_type as "detailType", detail -> 'metadata' ->> 'correlationId' as "correlationId",
            detail -> 'metadata' ->> 'cause' as cause, detail -> 'data' ->> 'runId' as "runId",
            (detail -> 'data' ->> 'interval')::int as interval, (detail -> 'data' ->> 'changedRows')::int as "changedRows",
            written_at as "writtenAt", published_at as "publishedAt"
       from ops.outbox
      where (detail_type = 'SilverUpdated' and detail -> 'data' ->> 'runId' = any($1::text[]))
         or (detail_type = 'ResampleFailed' and detail -> 'data' ->> 'jobId' = any($2::text[]))
      order by id`,
    [runs.map((run) => run.id), jobs.map((job) => job.id)],
  );
  const { rows: left } = await client.query<{ count: number }>(
    'select count(*)::int from ops.invalidation where change_id = any($1::bigint[])',
    [changeIds],
  );
  return { correlationId, changes, pending: left[0]?.count ?? 0, jobs, runs, events };
}
