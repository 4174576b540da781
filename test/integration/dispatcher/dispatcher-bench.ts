import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import { pino } from 'pino';
import type { DispatcherDeps } from '../../../services/dispatcher/handler.ts';
import { handleMessages } from '../../../services/dispatcher/handler.ts';
import { defaultJobSize } from '../../../services/dispatcher/job-size.ts';
import { parseMessage } from '../../../services/dispatcher/messages.ts';
import { finishShard } from '../../../services/shared/jobs/finish-shard.ts';
import { startJob } from '../../../services/shared/jobs/start-job.ts';
import { lockSymbols } from '../../../sql/queries/lock-symbols.ts';
import { takeInvalidations } from '../../../sql/queries/take-invalidations.ts';
import { createTestDatabase } from '../../support/create-test-database.ts';
import { envelopeBody, exampleEvents } from '../../support/example-events.ts';
import { startScriptedBatch } from '../../support/scripted-batch.ts';
import { startScriptedEventBridge } from '../../support/scripted-event-bridge.ts';

export type DispatcherBench = Awaited<ReturnType<typeof startDispatcherBench>>;

/** A dispatcher with a database, a Batch and a bus of its own; jobs run when the test says so. */
export async function startDispatcherBench() {
  const [database, batch, bus] = await Promise.all([
    createTestDatabase(),
    startScriptedBatch(),
    startScriptedEventBridge(),
  ]);
  const { db } = database;
  const deps: DispatcherDeps = {
    db,
    batch: batch.client,
    jobQueue: 'queue',
    jobDefinition: 'definition',
    jobSize: defaultJobSize,
    eventBridge: bus.client,
    busName: 'bus',
    logger: pino({ level: 'silent' }),
  };
  const { signal } = new AbortController();

  /** What a fetcher leaves; returns the message of its event. */
  async function ingest(
    symbols: readonly string[],
    { tradingDay = '2026-11-23', during }: { tradingDay?: string; during?: () => Promise<unknown> } = {},
  ): Promise<string> {
    const eventId = randomUUID();
    await db.transaction(async (client) => {
      for (const symbol of symbols) await addBar(client, symbol, tradingDay);
      await client.query(
        `with change as (
           insert into ops.change (event_id, kind, cause, source, trading_day, correlation_id)
           values ($1, 'ingest', 'live', 'test', $2, $3) returning id
         )
         insert into ops.invalidation (symbol, from_date, reason, change_id)
         select symbol, $2, 'appended', change.id from change, unnest($4::text[]) as symbol`,
        [eventId, tradingDay, randomUUID(), symbols],
      );
      await during?.();
    });
    return barsIngested(eventId, symbols, tradingDay);
  }

  /** What a resampler does, without silver. */
  async function run(jobId: string): Promise<void> {
    const job = await db.withClient((client) => startJob(client, jobId));
    if (!job) return;
    await db.transaction(async (client) => {
      await lockSymbols(client, job.symbols);
      await takeInvalidations(client, job.symbols);
    });
    for (let shard = 0; shard < job.shards; shard++) {
      await db.withClient((client) => finishShard(client, jobId, shard));
    }
  }

  return {
    db,
    url: database.url,
    batch,
    bus,
    deps,
    signal,
    ingest,
    run,
    /** The messages as one batch. */
    handle: (...bodies: string[]) =>
      handleMessages(
        deps,
        bodies.map((body) => parseMessage({ body })),
        signal,
      ),
    start: (jobId: string) => db.withClient((client) => startJob(client, jobId)),
    jobs: () =>
      db.query<{ id: string; symbols: string[]; outcome: string | null; batch_job_id: string | null }>(
        'select id, symbols, outcome, batch_job_id from ops.job order by claimed_at',
      ),
    coverage: () => coverage(db),
    published: (detailType: string) =>
      bus.requests
        .flat()
        .filter((entry) => entry.DetailType === detailType)
        .map((entry) => JSON.parse(entry.Detail) as { metadata: object; data: Record<string, unknown> }),
    async clear() {
      await db.query(
        'truncate ops.job, ops.invalidation, ops.change, ops.consumed, ops.outbox, ops.symbol, public.raw_ohlcv',
      );
      batch.jobs.length = 0;
      batch.answers.length = 0;
      batch.listing = true;
      bus.requests.length = 0;
    },
    async close() {
      await Promise.all([database.drop(), batch.close(), bus.close()]);
    },
  };
}

/** Of each pending invalidation, how many live jobs cover it, by the definition and one pair at a time. */
async function coverage(db: DispatcherDeps['db']): Promise<{ uncovered: number; twice: number }> {
  const [row] = await db.query<{ uncovered: number; twice: number }>(
    `select count(*) filter (where jobs = 0)::int as uncovered, count(*) filter (where jobs > 1)::int as twice
     from (
       select (select count(*) from ops.job where finished_at is null and i.symbol = any (symbols)
                 and (started_at is null or pg_visible_in_snapshot(i.written_by, started_snapshot))) as jobs
       from ops.invalidation i
     ) covered`,
  );
  return row ?? { uncovered: 0, twice: 0 };
}

async function addBar(client: ClientBase, symbol: string, tradingDay: string): Promise<void> {
  await client.query(
    `insert into ops.symbol (symbol, source, bar_count, first_date, last_date) values ($1, 'test', 1, $2, $2)
     on conflict (symbol) do nothing`,
    [symbol, tradingDay],
  );
  await client.query(
    `insert into public.raw_ohlcv (symbol, date, open, high, low, close, volume) values ($1, $2, 1, 1, 1, 1, 1)
     on conflict do nothing`,
    [symbol, tradingDay],
  );
}

export function barsIngested(
  eventId: string,
  symbols: readonly string[],
  tradingDay = '2026-11-23',
  envelope: object = {},
): string {
  const { metadata, data } = exampleEvents.BarsIngested;
  return envelopeBody(
    'BarsIngested',
    {
      metadata: { ...metadata, id: eventId, idempotencyKey: `test:${eventId}` },
      data: { ...data, tradingDay, symbols },
    },
    envelope,
  );
}

export function jobStateChange(job: { jobName: string; jobId: string }, status: string): string {
  return envelopeBody(
    'Batch Job State Change',
    {
      jobName: job.jobName,
      jobId: job.jobId,
      jobQueue: 'arn:aws:batch:us-east-1:000000000000:job-queue/queue',
      status,
      statusReason: 'Essential container in task exited',
      attempts: [{ container: { exitCode: 1, reason: 'out of luck' } }, { container: { exitCode: 137 } }],
    },
    { source: 'aws.batch' },
  );
}
