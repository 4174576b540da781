/** Dispatchers whose clocks are two hours apart, and jobs of a day that has not come: all ages are by the database's clock alone. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ListJobsCommand } from '@aws-sdk/client-batch';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readPending } from '../../sql/queries/read-pending.ts';
import { startInterceptingProxy } from '../support/intercepting-proxy.ts';
import { isFull, reportFaults } from './support/fault-figures.ts';
import { ingest } from './support/histories.ts';
import { judge } from './support/judge.ts';
import { type LocalPipeline, mainOf, startLocalPipeline } from './support/local-pipeline.ts';
import { publisher } from './support/world.ts';

const shift = fileURLToPath(new URL('./support/shift-clock.ts', import.meta.url));
const hourMs = 3_600_000;
const days = isFull ? 40 : 10;

type Place = { readonly endpoint: string; readonly queueUrl: string; readonly offsetMs: number };

function startDispatcher({ database, names }: LocalPipeline, { endpoint, queueUrl, offsetMs }: Place): void {
  const child = spawn(process.execPath, ['--import', shift, mainOf('dispatcher')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      FIBBARS_TEST_CLOCK_OFFSET_MS: String(offsetMs),
      DATABASE_URL: database.url,
      AWS_ENDPOINT_URL: endpoint,
      FIBBARS_BUS: names.busName,
      FIBBARS_QUEUE_URL: queueUrl,
      FIBBARS_DEAD_LETTER_QUEUE_URL: names.deadLetterQueueUrl,
      FIBBARS_JOB_QUEUE: names.jobQueue,
      FIBBARS_JOB_DEFINITION: names.jobDefinition,
      FIBBARS_SWEEP_SECONDS: '1',
      LOG_LEVEL: 'fatal',
    },
  });
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
}

test('clocks that disagree change nothing', { timeout: 180_000 }, async (context) => {
  const pipeline = await startLocalPipeline({
    commands: { resampler: [process.execPath, '--import', shift, mainOf('resampler')] },
    environment: { FIBBARS_TEST_CLOCK_OFFSET_MS: String(24 * hourMs) },
  });
  const { deps, names, clients, database, heard } = pipeline;
  const { db } = database;
  // The claims of one are without a job for a while, and the other, whose queue is empty, sweeps meanwhile.
  const proxy = await startInterceptingProxy(
    pipeline.endpoint,
    (path) => (path === '/v1/submitjob' ? 'late' : 'pass'),
    () => {},
  );
  onTestFinished(() => proxy.close());
  const { endpoint } = proxy;
  const { QueueUrl: idle = '' } = await clients.sqs.send(new CreateQueueCommand({ QueueName: 'idle' }));
  startDispatcher(pipeline, { endpoint, queueUrl: names.queueUrl, offsetMs: -hourMs });
  startDispatcher(pipeline, { endpoint, queueUrl: idle, offsetMs: hourMs });
  for (let number = 0; number < days; number++) {
    await ingest({ db }, number);
    await publisher(deps, names.busName)();
    await sleep(200);
  }
  await vi.waitFor(
    async () => {
      expect(await db.withClient(readPending)).toEqual({ events: false, invalidations: false, jobs: false });
      expect((await judge(db, await heard())).faults).toEqual([]);
    },
    { timeout: 60_000, interval: 250 },
  );
  // No claim was found too old, and none was made twice.
  expect(await db.query(`select * from ops.job where outcome <> 'succeeded'`)).toEqual([]);
  const { jobSummaryList = [] } = await clients.batch.send(
    new ListJobsCommand({
      jobQueue: names.jobQueue,
      filters: [{ name: 'JOB_NAME', values: ['resample-*'] }],
    }),
  );
  expect(await db.query('select from ops.job')).toHaveLength(jobSummaryList.length);
  const [told] = await db.query<{ ahead: number }>(
    `select count(*) filter (where (detail -> 'metadata' ->> 'occurredAt')::timestamptz > now() + interval '12 hours')::int as ahead
       from ops.outbox`,
  );
  expect(told?.ahead).toBeGreaterThan(0);
  const { rows, lost } = await judge(db, await heard());
  reportFaults(context, { row: 'clocks that disagree', points: days, survived: days, rows, lost });
});
