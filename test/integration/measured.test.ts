/** What fetcher and resampler measure, in the lines that CloudWatch takes it from. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimJob } from '../../services/dispatcher/claim-job.ts';
import { defaultJobSize } from '../../services/dispatcher/job-size.ts';
import { runFetcher } from '../../services/fetcher/handler.ts';
import { runJob } from '../../services/resampler/handler.ts';
import { sessionsBetween } from '../../services/shared/calendar/sessions.ts';
import { createLoggerTo } from '../../services/shared/logger.ts';
import { createTestDatabase, type TestDatabase } from '../support/create-test-database.ts';
import {
  groupedDay,
  ordinaryMarket,
  type ScriptedMassive,
  startScriptedMassive,
} from '../support/scripted-massive.ts';

const taskPrice = { spotHour: 0.6, onDemandHour: 1.2 };
const signal = new AbortController().signal;
const publish = () => Promise.resolve();

let database: TestDatabase;
let massive: ScriptedMassive;
beforeAll(async () => {
  database = await createTestDatabase();
  massive = await startScriptedMassive();
  massive.script(ordinaryMarket);
});
afterAll(async () => {
  await massive.close();
  await database.drop();
});

/** Runs `work` with a logger whose metrics are embedded, and returns the metrics of the line that says `message`. */
async function measured(
  message: string,
  work: (logger: ReturnType<typeof createLoggerTo>) => Promise<number>,
): Promise<Record<string, number>> {
  const lines: string[] = [];
  const stream = { write: (line: string) => lines.push(line) };
  expect(await work(createLoggerTo(stream, 'test', { level: 'info', embedMetrics: true }))).toBe(0);
  const found = lines.map((line) => JSON.parse(line) as Line).filter(({ msg }) => msg === message);
  expect(found).toHaveLength(1);
  const [line = expect.fail()] = found;
  const names = line._aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
  return Object.fromEntries(names.map((name) => [name, line[name] as number]));
}
type Line = {
  readonly msg: string;
  readonly _aws: { readonly CloudWatchMetrics: { readonly Metrics: { readonly Name: string }[] }[] };
  readonly [field: string]: unknown;
};

const night = (now: string, day?: string, symbols?: ReadonlySet<string>) =>
  measured('night taken in', (logger) =>
    runFetcher(
      { db: database.db, logger, publish, clock: () => new Date(now), signal },
      {
        massive: { baseUrl: massive.baseUrl, apiKey: 'hush-hush', callsPerMinute: 100_000 },
        day,
        lookbackDays: 300,
        testTickers: new Set(),
        symbols,
        taskPrice,
      },
    ),
  );

/** 2026-11-24 is a Tuesday. */
test('a night tells what it wrote, how long it took and what it cost', async () => {
  for (const day of sessionsBetween('2026-11-16', '2026-11-20')) await night('2026-11-23T21:15:00Z', day);
  expect(await night('2026-11-23T21:15:00Z')).toEqual({
    fetchDuration: expect.any(Number),
    barsWritten: 3,
    sessionsMissing: 0,
    pendingInvalidations: 0,
    // A minute, which is the least.
    spotCost: 0.01,
    onDemandCost: 0.02,
  });
});

test('a session that is not there is missing when it is due, and not before', async () => {
  massive.script((request) =>
    groupedDay(request) === '2026-11-24'
      ? {
          status: 403,
          body: { status: 'NOT_AUTHORIZED', message: "Attempted to request today's data before end of day." },
        }
      : ordinaryMarket(request),
  );
  expect(await night('2026-11-24T21:15:00Z')).toMatchObject({ sessionsMissing: 0 });
  expect(await night('2026-11-25T11:30:00Z')).toMatchObject({ sessionsMissing: 0 });
  expect(await night('2026-11-25T12:30:00Z')).toMatchObject({ sessionsMissing: 1, barsWritten: 0 });
  massive.script(ordinaryMarket);
  expect(await night('2026-11-25T12:40:00Z')).toMatchObject({ sessionsMissing: 0, barsWritten: 3 });
});

test('what no job has worked in is pending once it is hours old', async () => {
  expect(await night('2026-11-25T12:50:00Z')).toMatchObject({ pendingInvalidations: 0 });
  await database.db.query(`update ops.change set occurred_at = now() - interval '121 minutes'`);
  expect(await night('2026-11-25T12:50:00Z')).toMatchObject({ pendingInvalidations: 7 * 3 });
});

test('a job tells how long it took, what it changed and what it cost, and leaves nothing pending', async () => {
  const claim = await database.db.transaction((client) => claimJob(client, defaultJobSize));
  if (claim.kind !== 'claimed') throw new Error(`nothing was claimed: ${claim.kind}`);
  const { id: jobId, intervals } = claim.job;
  expect(
    await measured('job is done', (logger) =>
      runJob(
        { db: database.db, logger, publish, signal },
        { jobId, intervals, shard: 0, sessions: 1, taskPrice },
      ),
    ),
  ).toEqual({
    jobDuration: expect.any(Number),
    // Of 7 bars: three groups of 3, two of 5, and one of each of the longer.
    rowsChanged: 3 * (3 + 2 + 1 + 1 + 1 + 1),
    spotCost: 0.01,
    onDemandCost: 0.02,
  });
  expect(await night('2026-11-25T12:50:00Z')).toMatchObject({ pendingInvalidations: 0 });
});

test('a night of some symbols takes those alone', async () => {
  expect(await night('2026-11-27T21:15:00Z', '2026-11-27', new Set(['AAPL']))).toMatchObject({
    barsWritten: 1,
  });
});
