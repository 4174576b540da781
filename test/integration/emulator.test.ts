/**
 * The same programs against an AWS emulator that is none of ours: `npm run test:emulator`, with moto (`pip install 'moto[server]'`). It
 * runs no containers here, so that this test does what Batch would: it starts the command that the job has.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeJobsCommand, ListJobsCommand } from '@aws-sdk/client-batch';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type AwsClients, createAwsClients } from '../../services/shared/aws-clients.ts';
import { readAwsConfig } from '../../services/shared/aws-config.ts';
import { createTestDatabase, type TestDatabase } from '../support/create-test-database.ts';
import { freePort } from '../support/free-port.ts';
import { expectSilverIsRight } from '../support/silver-definition.ts';
import { writeDayFiles } from './pipeline/day-files.ts';
import { createWorkspace, type Running, type Workspace } from './pipeline/workspace.ts';

/** The program that serves it. */
const emulator = process.env['FIBBARS_TEST_EMULATOR'];
/** It takes most of a second for an event, and several on a busy machine. */
const timeout = 600_000;

let moto: ChildProcess;
let workspace: Workspace;
let database: TestDatabase;
let aws: AwsClients;
let variables: Record<string, string>;

beforeAll(async () => {
  if (!emulator) return;
  const AWS_ENDPOINT_URL = `http://127.0.0.1:${await freePort()}`;
  moto = spawn(emulator, ['-H', '127.0.0.1', '-p', new URL(AWS_ENDPOINT_URL).port], { stdio: 'ignore' });
  await vi.waitFor(
    async () => {
      const body = JSON.stringify({ batch: { use_docker: false } });
      expect((await fetch(`${AWS_ENDPOINT_URL}/moto-api/config`, { method: 'POST', body })).ok).toBe(true);
    },
    { timeout, interval: 200 },
  );
  database = await createTestDatabase();
  workspace = await createWorkspace();
  const settings = { AWS_ENDPOINT_URL, DATABASE_URL: database.url, LOG_LEVEL: 'warn' };
  const { stdout, stderr, code } = await workspace.run(['cloud-init', '--json'], settings);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  variables = { ...settings, ...(JSON.parse(stdout) as { variables: Record<string, string> }).variables };
  aws = createAwsClients(readAwsConfig(variables));
}, timeout);

afterAll(async () => {
  if (!emulator) return;
  aws?.destroy();
  await workspace?.remove();
  await database?.drop();
  const closed = once(moto, 'close');
  moto.kill('SIGKILL');
  await closed;
});

const start = (service: string, args: readonly string[] = []): Running =>
  workspace.startService(service, args, variables);

async function fibbars(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await workspace.run([...args, '--json'], variables);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** Starts the commands of the jobs that were submitted since, and waits for their ends. */
async function runJobs(done: Set<string>): Promise<void> {
  const { jobSummaryList = [] } = await aws.batch.send(
    new ListJobsCommand({ jobQueue: variables['FIBBARS_JOB_QUEUE'], jobStatus: 'SUCCEEDED' }),
  );
  const ids = jobSummaryList.flatMap(({ jobId = '' }) => (done.has(jobId) ? [] : [jobId]));
  if (ids.length === 0) return;
  const { jobs = [] } = await aws.batch.send(new DescribeJobsCommand({ jobs: ids }));
  for (const { jobId = '', parameters = {} } of jobs) {
    done.add(jobId);
    const args = ['--job', parameters['job'] ?? '', '--intervals', parameters['intervals'] ?? ''];
    expect(await start('resampler', args).exit).toMatchObject({ code: 0, stderr: '' });
  }
}

/** Until nothing is left to do. */
async function workOff(done: Set<string>): Promise<void> {
  for (;;) {
    await runJobs(done);
    const [left] = await database.db.query<{ idle: boolean }>(
      `select not exists (select from ops.invalidation)
          and not exists (select from ops.outbox where published_at is null)
          and not exists (select from ops.job where outcome is distinct from 'succeeded') as idle`,
    );
    if (left?.idle) return;
    await sleep(200);
  }
}

test.skipIf(!emulator)('bars become silver, which its subscriber hears of', { timeout }, async () => {
  const done = new Set<string>();
  // Again changes nothing.
  expect(await fibbars('cloud-init')).toMatchObject({ variables: { FIBBARS_BUS: 'fibonacci-bars' } });
  const [dispatcher, subscriber] = [start('dispatcher'), start('subscriber')];
  const { path, days } = await writeDayFiles(join(workspace.scratch, 'days'), {
    days: 22,
    symbols: ['AAPL', 'S001'],
  });
  // Few at a time: it takes most of a second for each event of a request, and the programs wait 15 for an answer.
  for (let at = 0; at < days.length; at += 4) {
    const [from = '', to = ''] = [days[at], days[Math.min(at + 3, days.length - 1)]];
    const args = ['--source', 'flatfiles', '--path', path, '--from', from, '--to', to];
    expect(await start('fetcher', args).exit).toMatchObject({ code: 0 });
  }
  await workOff(done);
  await expectSilverIsRight(database.db);
  await vi.waitFor(
    () => expect(subscriber.stdout()).toContain(`completed AAPL 21d ${days[0]} … ${days[20]}`),
    {
      timeout,
    },
  );

  // A message that breaks its contract is a dead letter, which stays one when it is moved back.
  await aws.sqs.send(
    new SendMessageCommand({ QueueUrl: variables['FIBBARS_QUEUE_URL'], MessageBody: 'nonsense' }),
  );
  await vi.waitFor(
    async () => expect(await fibbars('status')).toMatchObject({ queues: { deadLetters: 1 } }),
    {
      timeout,
      interval: 500,
    },
  );
  expect(await fibbars('redrive', '--dry-run')).toMatchObject({ moved: 0 });

  // Days told again from bronze: it waits for its jobs.
  const replay = fibbars('replay', '--from', days[0] ?? '', '--to', days[1] ?? '');
  while ((await Promise.race([replay, sleep(200)])) === undefined) await runJobs(done);
  await expectSilverIsRight(database.db);

  for (const service of [dispatcher, subscriber]) {
    service.signal('SIGTERM');
    expect(await service.exit).toMatchObject({ code: 0 });
  }
});
