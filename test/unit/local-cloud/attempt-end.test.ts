import { expect, test } from 'vitest';
import { type AttemptEnd, afterAttempt } from '../../../services/local/cloud/batch/attempt-end.ts';
import type { Job } from '../../../services/local/cloud/batch/batch-types.ts';

/** Its strategy tries everything again. */
const running: Job = {
  jobId: 'j',
  jobName: 'job',
  jobArn: 'arn',
  jobQueue: 'queue',
  jobDefinition: 'definition',
  status: 'RUNNING',
  createdAt: 0,
  parameters: {},
  command: [],
  image: '',
  environment: [],
  resourceRequirements: [],
  retryStrategy: { attempts: 2, evaluateOnExit: [] },
  attempts: [],
  interruptions: 0,
  process: { pid: 1, started: 'then' },
};
const end: AttemptEnd = {
  exitCode: 1,
  startedAt: 1,
  stoppedAt: 2,
  logStreamName: 'log',
  timedOut: false,
  cutOff: false,
};

test('an attempt that ran out of time is not followed by another', () => {
  expect(afterAttempt(running, end).status).toBe('RUNNABLE');
  expect(afterAttempt(running, { ...end, timedOut: true }).status).toBe('FAILED');
});

test('what ran out of time has failed even if it then exits with 0', () => {
  expect(afterAttempt(running, { ...end, exitCode: 0, timedOut: true }).status).toBe('FAILED');
});

test('a terminated job has failed for the given reason, however it exits', () => {
  for (const exitCode of [0, 143]) {
    const job = afterAttempt({ ...running, endReason: 'enough' }, { ...end, exitCode, cutOff: true });
    expect(job).toMatchObject({ status: 'FAILED', statusReason: 'enough' });
  }
});

test('interruptions by the local cloud itself use up no attempts', () => {
  let job = running;
  for (let count = 1; count <= 5; count++) {
    job = afterAttempt(job, { ...end, exitCode: 143, cutOff: true });
    expect(job).toMatchObject({ status: 'RUNNABLE', statusReason: 'Your Spot Task was interrupted.' });
  }
  job = afterAttempt(job, end);
  expect(job.status).toBe('RUNNABLE');
  expect(afterAttempt(job, end).status).toBe('FAILED');
});

test('a job that finishes its work while the local cloud closes has succeeded', () => {
  const job = afterAttempt(running, { ...end, exitCode: 0, cutOff: true });
  expect(job.status).toBe('SUCCEEDED');
  expect(job).not.toHaveProperty('process');
});
