import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CancelJobCommand,
  ClientException,
  DescribeJobsCommand,
  DescribeSchedulingPoliciesCommand,
  type JobStatus,
  ListJobsCommand,
  SubmitJobCommand,
  type SubmitJobCommandInput,
  TerminateJobCommand,
} from '@aws-sdk/client-batch';
import { expect, test } from 'vitest';
import { topology } from '../../../infra/topology.ts';
import { startOf } from '../../../services/local/cloud/batch/process-identity.ts';
import { provision } from '../../../services/local/provision.ts';
import {
  hasEnded,
  jobWhen,
  newDirectory,
  receive,
  startTestCloud,
  type TestCloud,
  until,
} from './test-cloud.ts';

const { jobQueue, resample } = topology.batch;

async function submit(
  rig: TestCloud,
  command: string[],
  more: Partial<SubmitJobCommandInput> = {},
): Promise<string> {
  const { jobId = '' } = await rig.clients.batch.send(
    new SubmitJobCommand({
      jobName: 'job',
      jobQueue: jobQueue.name,
      jobDefinition: resample.name,
      containerOverrides: { command: ['program', ...command] },
      ...more,
    }),
  );
  return jobId;
}

async function startProvisioned(options: Parameters<typeof startTestCloud>[0] = {}): Promise<TestCloud> {
  const rig = await startTestCloud(options);
  await provision(rig.clients, topology);
  return rig;
}

const lines = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []);

test('a job gets its parameters and the environment that a container gets', async () => {
  const rig = await startProvisioned({
    jobEnvironment: (endpoint) => ({ DATABASE_URL: 'db', MINE: endpoint }),
  });
  const file = join(newDirectory(), 'out.json');
  const jobId = await submit(rig, [], {
    parameters: { where: file, intervals: '3,5' },
    containerOverrides: {
      command: ['program', 'print-environment', 'Ref::where', 'Ref::intervals', 'Ref::unknown'],
      environment: [{ name: 'EXTRA', value: 'x' }],
    },
  });
  const job = await jobWhen(rig.clients, jobId, hasEnded);
  expect(job).toMatchObject({ status: 'SUCCEEDED', jobName: 'job', container: { exitCode: 0 } });
  expect(job.attempts).toHaveLength(1);
  const seen = JSON.parse(readFileSync(file, 'utf8')) as { arguments: string[]; environment: object };
  expect(seen.arguments).toEqual([file, '3,5', 'Ref::unknown']);
  expect(seen.environment).toMatchObject({
    AWS_BATCH_JOB_ID: jobId,
    AWS_BATCH_JOB_ATTEMPT: '1',
    AWS_BATCH_JQ_NAME: jobQueue.name,
    AWS_ENDPOINT_URL: rig.cloud.endpoint,
    DATABASE_URL: 'db',
    MINE: rig.cloud.endpoint,
    EXTRA: 'x',
  });
  expect(seen.environment).not.toHaveProperty('VITEST');
});

test('exit code 75 is tried again, any other is not, and the end is told to the dispatcher', async () => {
  const rig = await startProvisioned();
  const retried = await jobWhen(rig.clients, await submit(rig, ['exit-75-until-attempt', '3']), hasEnded);
  expect(retried.status).toBe('SUCCEEDED');
  expect(retried.attempts?.map((attempt) => attempt.container?.exitCode)).toEqual([75, 75, 0]);
  const exhausted = await jobWhen(rig.clients, await submit(rig, ['exit', '75']), hasEnded);
  expect(exhausted.attempts).toHaveLength(resample.attempts);
  const failed = await jobWhen(rig.clients, await submit(rig, ['exit', '3']), hasEnded);
  expect(failed).toMatchObject({ status: 'FAILED', statusReason: 'Essential container in task exited' });
  expect(failed.attempts).toHaveLength(1);
  const url = `${rig.cloud.endpoint}/000000000000/${topology.queues.dispatcher.name}`;
  const events = (await receive(rig.clients, url, 3)).map((each) => JSON.parse(each.Body ?? '') as object);
  expect(events).toHaveLength(3);
  expect(events[2]).toMatchObject({
    source: 'aws.batch',
    'detail-type': 'Batch Job State Change',
    resources: [failed.jobArn],
    detail: {
      jobId: failed.jobId,
      jobName: 'job',
      jobQueue: `arn:aws:batch:us-east-1:000000000000:job-queue/${jobQueue.name}`,
      status: 'FAILED',
      attempts: [{ container: { exitCode: 3 } }],
    },
  });
  expect(rig.cloud.pending().jobs).toBe(0);
});

test('a program that the cloud does not have fails the job, saying so', async () => {
  const rig = await startProvisioned();
  const jobId = await submit(rig, [], { containerOverrides: { command: ['no-such-program'] } });
  const job = await jobWhen(rig.clients, jobId, hasEnded);
  expect(job.status).toBe('FAILED');
  expect(job.container?.reason).toContain('CannotStartContainerError: spawn no-such-program');
});

test('an array job runs a process for each index and fails when one of them does', async () => {
  const rig = await startProvisioned();
  const file = join(newDirectory(), 'out');
  const jobId = await submit(rig, ['append-index', file, '2'], { arrayProperties: { size: 5 } });
  const parent = await jobWhen(rig.clients, jobId, hasEnded);
  expect(parent).toMatchObject({ status: 'FAILED', statusReason: 'Array Child Job failed' });
  expect(parent.arrayProperties).toMatchObject({ size: 5, statusSummary: { SUCCEEDED: 4, FAILED: 1 } });
  expect(lines(file).toSorted()).toEqual(['0', '1', '2', '3', '4']);
  const { jobSummaryList } = await rig.clients.batch.send(
    new ListJobsCommand({ arrayJobId: jobId, jobStatus: 'FAILED' }),
  );
  expect(jobSummaryList?.map((child) => child.jobId)).toEqual([`${jobId}:2`]);
  // Of its events only the parent's reaches the dispatcher.
  const { messages } = rig.cloud.pending();
  expect(messages[topology.queues.dispatcher.name]).toBe(1);
});

test('no more jobs run at once than there are vCPUs', async () => {
  const rig = await startProvisioned({ maxVcpus: 2 });
  const file = join(newDirectory(), 'out');
  const ids = await Promise.all([1, 2, 3].map(() => submit(rig, ['stop-on-sigterm', file])));
  await until(() => lines(file).length === 2);
  const statuses = async (status: JobStatus) => {
    const answer = await rig.clients.batch.send(
      new ListJobsCommand({ jobQueue: jobQueue.name, jobStatus: status }),
    );
    return answer.jobSummaryList?.length;
  };
  expect(await statuses('RUNNING')).toBe(2);
  expect(await statuses('RUNNABLE')).toBe(1);
  for (const jobId of ids) await rig.clients.batch.send(new TerminateJobCommand({ jobId, reason: 'enough' }));
  for (const jobId of ids) await jobWhen(rig.clients, jobId, hasEnded);
});

test('jobs are found by name, whatever their status', async () => {
  const rig = await startProvisioned();
  const jobId = await submit(rig, ['exit', '0'], { jobName: 'resample-17' });
  await submit(rig, ['exit', '0'], { jobName: 'resample-170' });
  await jobWhen(rig.clients, jobId, hasEnded);
  const find = async (name: string) => {
    const answer = await rig.clients.batch.send(
      new ListJobsCommand({ jobQueue: jobQueue.name, filters: [{ name: 'JOB_NAME', values: [name] }] }),
    );
    return answer.jobSummaryList?.map((job) => job.jobId);
  };
  expect(await find('resample-17')).toEqual([jobId]);
  expect(await find('resample-17*')).toHaveLength(2);
  expect(await find('resample-1')).toEqual([]);
});

test('terminating sends SIGTERM, and SIGKILL to what does not heed it', async () => {
  const rig = await startProvisioned();
  const file = join(newDirectory(), 'pid');
  const jobId = await submit(rig, ['ignore-sigterm', file]);
  await until(() => existsSync(file));
  await rig.clients.batch.send(new TerminateJobCommand({ jobId, reason: 'no longer needed' }));
  const job = await jobWhen(rig.clients, jobId, hasEnded);
  expect(job).toMatchObject({ status: 'FAILED', statusReason: 'no longer needed', isTerminated: true });
  expect(job.attempts?.[0]?.container?.exitCode).toBe(137);
  const log = join(rig.directory, 'job-logs', `${jobId}-1.log`);
  expect(readFileSync(log, 'utf8')).toBe('not yet\n');
});

test('a job that is over its time is ended and not tried again', async () => {
  const rig = await startProvisioned({ timing: { terminateGraceMs: 200, timeoutSecondMs: 5 } });
  const jobId = await submit(rig, ['stop-on-sigterm', join(newDirectory(), 'out')], {
    timeout: { attemptDurationSeconds: 60 },
  });
  const job = await jobWhen(rig.clients, jobId, hasEnded);
  expect(job).toMatchObject({ status: 'FAILED', statusReason: 'Job attempt duration exceeded timeout' });
  expect(job.attempts).toHaveLength(1);
});

test('cancelling ends what waits and leaves what runs', async () => {
  const rig = await startProvisioned({ maxVcpus: 1 });
  const file = join(newDirectory(), 'out');
  const [runs, waits] = [await submit(rig, ['stop-on-sigterm', file]), await submit(rig, ['exit', '0'])];
  await until(() => lines(file).length === 1);
  for (const jobId of [runs, waits])
    await rig.clients.batch.send(new CancelJobCommand({ jobId, reason: 'changed' }));
  expect(await jobWhen(rig.clients, waits, hasEnded)).toMatchObject({ status: 'FAILED', isCancelled: true });
  const { jobs } = await rig.clients.batch.send(new DescribeJobsCommand({ jobs: [runs, 'unknown'] }));
  expect(jobs?.map((job) => job.status)).toEqual(['RUNNING']);
});

test('closing interrupts what runs as Spot would, and the next start runs it again', async () => {
  const directory = newDirectory();
  const file = join(newDirectory(), 'out');
  const before = await startProvisioned({ directory });
  const jobId = await submit(before, ['sleep-in-first-attempt', file]);
  await until(() => lines(file).length === 1);
  await before.cloud.close();
  const after = await startTestCloud({ directory });
  const job = await jobWhen(after.clients, jobId, hasEnded);
  expect(job.status).toBe('SUCCEEDED');
  expect(job.attempts?.map((attempt) => attempt.statusReason)).toEqual([
    'Your Spot Task was interrupted.',
    'Essential container in task exited',
  ]);
  expect(startOf(Number(lines(file)[0]?.split(' ')[1]))).toBeUndefined();
});

test('what Batch would refuse is refused', async () => {
  const rig = await startProvisioned();
  const refused = submit(rig, [], { jobQueue: 'none' });
  await expect(refused).rejects.toThrow(ClientException);
  await expect(refused).rejects.toThrow('none');
  await expect(submit(rig, [], { arrayProperties: { size: 1 } })).rejects.toThrow('between 2 and 10,000');
  await expect(submit(rig, [], { jobName: 'a b' })).rejects.toThrow('a b');
  await expect(submit(rig, [], { timeout: { attemptDurationSeconds: 59 } })).rejects.toThrow('59');
  await expect(submit(rig, [], { dependsOn: [{ jobId: 'x' }] })).rejects.toThrow('dependsOn');
  await expect(
    rig.clients.batch.send(new DescribeSchedulingPoliciesCommand({ arns: ['a'] })),
  ).rejects.toThrow('describeschedulingpolicies');
});
