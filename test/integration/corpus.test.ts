/**
 * The kept events of schemas/corpus/: what the services of now publish in each situation is what is kept of it. A new situation
 * adds its file with `npm run contracts:keep`; a kept event is never changed or removed, as it is in somebody's archive, also when the
 * services tell of its situation in other words since.
 */
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { replayDays } from '../../services/cli/replay/replay-days.ts';
import { giveUpJob } from '../../services/dispatcher/give-up-job.ts';
import type { Delivery } from '../../services/fetcher/bar.ts';
import { deleteBar } from '../../services/fetcher/delete-bar.ts';
import { ingestDay } from '../../services/fetcher/ingest-day.ts';
import { retain } from '../../services/fetcher/retain.ts';
import { importSplits } from '../../services/fetcher/splits/import-splits.ts';
import { validateBars } from '../../services/fetcher/validate-bars.ts';
import { requestRebuild } from '../../services/resampler/rebuild.ts';
import { resample } from '../../services/resampler/resample.ts';
import { startJob } from '../../services/shared/jobs/start-job.ts';
import { createTestDatabase, type TestDatabase } from '../support/create-test-database.ts';

const corpus = join(import.meta.dirname, '../../schemas/corpus');
const logger = pino({ level: 'silent' });
const never = new AbortController().signal;
const correlationId = 'c1a7d3f4-52b7-4f59-8f2d-0f4c4f0b7f02';
const jobId = '5d1b9f0e-6f0e-4a86-9d3c-0c7a5f1f6a03';
const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}`;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

function delivery(number: number, symbols: readonly string[], { close = '10', open = '10' } = {}): Delivery {
  const rows = symbols.map((symbol, at) => ({
    position: at + 1,
    symbol,
    open,
    high: '12.5',
    low: '9',
    close,
    volume: '100.25',
  }));
  const fingerprint = `${number} ${symbols.length} ${close}`;
  return {
    source: 'flatfiles',
    tradingDay: day(number),
    adjusted: false,
    fingerprint,
    ...validateBars(rows),
  };
}

type Ingested = Parameters<typeof ingestDay>[2];

const ingest = (what: Delivery, cause: Ingested['cause'], more: Partial<Ingested> = {}) =>
  ingestDay({ db: database.db }, what, { cause, correlationId, ...more });

async function work(symbols: readonly string[], job: string | null = null): Promise<void> {
  await resample(
    { db: database.db, logger, publish: () => Promise.resolve(), signal: never },
    { jobId: job, symbols, intervals: [3, 5, 8, 13, 21, 34], sessions: 1 },
  );
}

async function claimJob(batchJobId: string | null): Promise<void> {
  await database.db.query(
    `insert into ops.job (id, name, intervals, through_id, symbols, shards, correlation_id, causation_id, batch_job_id)
     values ($1, $2, '{3,5,8,13,21,34}', 1, '{AAPL,CpS}', 1, $3, gen_random_uuid(), $4)`,
    [jobId, `resample-${jobId}`, correlationId, batchJobId],
  );
}

const both = ['AAPL', 'CpS'];
const market = Array.from({ length: 1_001 }, (_, at) => `M${at}`);

/** In this order, each on what the ones before it left. */
const situations: [string, () => Promise<unknown>][] = [
  ['a-first-day', () => ingest(delivery(2, both), 'backfill')],
  ['the-next-day-with-refused-rows', () => ingest(delivery(3, [...both, 'AAPL', 'NO GOOD']), 'live')],
  ['new-groups-of-a-backfill', () => work(both)],
  [
    'a-bar-that-completes-groups',
    async () => {
      await ingest(delivery(4, both), 'live');
      await claimJob('b-1');
      await database.db.withClient((client) => startJob(client, jobId));
      await work(both, jobId);
      await database.db.query('delete from ops.job');
    },
  ],
  [
    'a-corrected-bar',
    async () => {
      await ingest(delivery(3, both, { close: '11' }), 'correction');
      await work(both);
    },
  ],
  ['a-bar-pruned-by-a-backfill', () => ingest(delivery(4, ['AAPL']), 'backfill', { prune: true })],
  ['a-day-of-more-symbols-than-are-listed', () => ingest(delivery(5, market), 'live')],
  ['a-deleted-bar', () => deleteBar(database.db, 'AAPL', day(3))],
  [
    'a-split',
    async () => {
      await importSplits(database.db, [{ symbol: 'AAPL', exDate: day(4), splitFrom: '1', splitTo: '4' }], {
        source: 'cli',
        producer: 'cli',
      });
      await work(both);
    },
  ],
  [
    'retention',
    async () => {
      await retain(database.db, { from: day(3), symbols: ['CpS'], signal: never });
      await work(both);
    },
  ],
  ['a-rebuild', () => requestRebuild(database.db, both)],
  [
    'a-replay-over-silver-that-is-right',
    async () => {
      await work(both);
      await database.db.query('delete from ops.outbox');
      await replayDays(
        { db: database.db, publish: () => Promise.resolve() },
        { id: correlationId, from: day(4), to: day(4), symbols: both, signal: never },
      );
      await work(both);
    },
  ],
  [
    'a-job-that-gave-up',
    async () => {
      await claimJob('b-1');
      await giveUpJob({ db: database.db, logger }, jobId, {
        reason: 'out of memory; exit code 137',
        attempts: 3,
      });
    },
  ],
  [
    'a-job-that-never-was',
    async () => {
      await database.db.query('delete from ops.job');
      await claimJob(null);
      await giveUpJob({ db: database.db, logger }, jobId, { reason: 'Batch has no such job', attempts: 0 });
    },
  ],
];

type Kept = { detailType: string; detail: unknown };

/** Of the events that wait the first of each kind, by its file; they wait no longer. */
async function takeEvents(situation: string): Promise<Map<string, Kept>> {
  const rows = await database.db.query<{ id: string; type: string; detail: unknown }>(
    'delete from ops.outbox returning id, detail_type as type, detail',
  );
  const found = new Map<string, Kept>();
  for (const { type, detail } of rows.toSorted((a, b) => Number(b.id) - Number(a.id))) {
    const name = type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
    found.set(`${name}-of-${situation}.json`, { detailType: type, detail: steady(detail) });
  }
  return found;
}

/** The same each time: ids, times and sequences are those of an example. */
function steady(detail: unknown): unknown {
  const ids = new Map<string, string>();
  const text = JSON.stringify(detail)
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
      if (!ids.has(id)) ids.set(id, `00000000-0000-4000-8000-${String(ids.size + 1).padStart(12, '0')}`);
      return ids.get(id) ?? id;
    })
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-11-23T21:20:05.123Z')
    .replaceAll(/"sequence":\d+/g, '"sequence":7');
  return JSON.parse(text);
}

test('each situation publishes what is kept of it', async () => {
  const told: string[] = [];
  for (const [situation, happen] of situations) {
    await happen();
    const events = await takeEvents(situation);
    expect(events.size).toBeGreaterThan(0);
    for (const [file, event] of events) {
      told.push(file);
      await expect(`${JSON.stringify(event, undefined, 2)}\n`).toMatchFileSnapshot(join(corpus, file));
    }
  }
  expect(new Set(told).size).toBe(told.length);
});
