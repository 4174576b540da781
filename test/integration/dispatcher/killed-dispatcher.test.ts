import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ListJobsCommand } from '@aws-sdk/client-batch';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { topology } from '../../../infra/topology.ts';
import { startLocalCloud } from '../../../services/local/cloud/start-local-cloud.ts';
import { provision } from '../../../services/local/provision.ts';
import { createAwsClients } from '../../../services/shared/aws-clients.ts';
import { readAwsConfig } from '../../../services/shared/aws-config.ts';
import { changeBronze, testBar } from '../../support/change-bronze.ts';
import { createTestDatabase } from '../../support/create-test-database.ts';
import { startInterceptingProxy } from '../../support/intercepting-proxy.ts';
import { expectSilverIsRight } from '../../support/silver-definition.ts';
import { barsIngested } from './dispatcher-bench.ts';

const mainOf = (service: string) =>
  fileURLToPath(new URL(`../../../services/${service}/main.ts`, import.meta.url));

/** Database, local cloud and topology; the jobs are real ones. */
async function startPipeline() {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const directory = await mkdtemp(join(tmpdir(), 'fibbars-killed-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const cloud = await startLocalCloud({
    directory,
    commands: { resampler: [process.execPath, mainOf('resampler')] },
    jobEnvironment: () => ({ DATABASE_URL: database.url, FIBBARS_BUS: topology.bus }),
    logger: pino({ level: 'silent' }),
  });
  onTestFinished(() => cloud.close());
  const aws = createAwsClients(readAwsConfig({ AWS_ENDPOINT_URL: cloud.endpoint }));
  onTestFinished(() => aws.destroy());
  return { database, cloud, aws, names: await provision(aws, topology) };
}

type Pipeline = Awaited<ReturnType<typeof startPipeline>>;

function spawnDispatcher({ database, names }: Pipeline, endpoint: string): ChildProcess {
  const child = spawn(process.execPath, [mainOf('dispatcher')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      AWS_ENDPOINT_URL: endpoint,
      FIBBARS_BUS: names.busName,
      FIBBARS_QUEUE_URL: names.queueUrl,
      FIBBARS_DEAD_LETTER_QUEUE_URL: names.deadLetterQueueUrl,
      FIBBARS_JOB_QUEUE: names.jobQueue,
      FIBBARS_JOB_DEFINITION: names.jobDefinition,
      LOG_LEVEL: 'fatal',
    },
  });
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  });
  return child;
}

test.each([
  ['between claim and SubmitJob', 'hold-request'],
  ['between SubmitJob and storing the id', 'hold-answer'],
] as const)(
  'a dispatcher killed %s leaves work that the next one brings to an end',
  async (_, interception) => {
    const pipeline = await startPipeline();
    const { database, cloud, aws, names } = pipeline;
    const { db } = database;
    await db.transaction((client) =>
      changeBronze(client, [
        { symbol: 'AAPL', put: [testBar('2024-01-02'), testBar('2024-01-03', 2), testBar('2024-01-04', 3)] },
      ]),
    );
    const held = Promise.withResolvers<void>();
    const proxy = await startInterceptingProxy(
      cloud.endpoint,
      (path) => (path === '/v1/submitjob' ? interception : 'pass'),
      held.resolve,
    );
    onTestFinished(() => proxy.close());

    const first = spawnDispatcher(pipeline, proxy.endpoint);
    await aws.sqs.send(
      new SendMessageCommand({
        QueueUrl: names.queueUrl,
        MessageBody: barsIngested(crypto.randomUUID(), ['AAPL'], '2024-01-04'),
      }),
    );
    await held.promise;
    first.kill('SIGKILL');
    await once(first, 'exit');
    expect(await db.query('select from ops.job where batch_job_id is null')).toHaveLength(1);

    await db.query(`update ops.job set claimed_at = claimed_at - interval '3 minutes'`);
    spawnDispatcher(pipeline, cloud.endpoint);
    await vi.waitFor(
      async () => {
        expect(await db.query('select from ops.invalidation')).toEqual([]);
        expect(await db.query('select from ops.job where finished_at is null')).toEqual([]);
      },
      { timeout: 40_000, interval: 50 },
    );
    await expectSilverIsRight(db);
    const { jobSummaryList } = await aws.batch.send(
      new ListJobsCommand({
        jobQueue: names.jobQueue,
        filters: [{ name: 'JOB_NAME', values: ['resample-*'] }],
      }),
    );
    expect(jobSummaryList).toHaveLength(1);
  },
);
