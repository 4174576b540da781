import type { SubmitJobCommand } from '@aws-sdk/client-batch';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { DispatcherDeps } from '../../../services/dispatcher/handler.ts';
import { handleMessages } from '../../../services/dispatcher/handler.ts';
import { parseMessage } from '../../../services/dispatcher/messages.ts';
import { SubmitOutcomeUnknownError, SubmitRefusedError } from '../../../services/dispatcher/submit-job.ts';
import { sweep } from '../../../services/dispatcher/sweep.ts';
import type { Database } from '../../../services/shared/database.ts';
import { type DispatcherBench, jobStateChange, startDispatcherBench } from './dispatcher-bench.ts';

let bench: DispatcherBench;
beforeAll(async () => {
  bench = await startDispatcherBench();
});
beforeEach(() => bench.clear());
afterAll(() => bench.close());

const crash = new Error('the process is gone');
const sweepNow = (minimumAgeMs = 0) =>
  sweep(bench.deps, { signal: bench.signal, minimumAgeMs, onlyLost: true });
const handleWith = (deps: Partial<DispatcherDeps>, body: string) =>
  handleMessages({ ...bench.deps, ...deps }, [parseMessage({ body })], bench.signal);

/** A database whose transaction number `fatal` and all later ones never come to anything. */
function dyingAt(fatal: number): Database {
  let transactions = 0;
  return {
    ...bench.db,
    transaction: async (work, options) => {
      if (++transactions >= fatal) throw crash;
      return await bench.db.transaction(work, options);
    },
  };
}

/** Batch that is never reached. */
const unreached = { send: () => Promise.reject(crash) } as unknown as DispatcherDeps['batch'];

test('died before the claim: the message that comes again makes the job', async () => {
  const event = await bench.ingest(['AAPL']);
  await expect(handleWith({ db: dyingAt(1) }, event)).rejects.toBe(crash);
  await bench.handle(event);
  expect(bench.batch.jobs).toHaveLength(1);
});

test('died after the claim: the sweep gives it up and submits one job', async () => {
  const event = await bench.ingest(['AAPL']);
  await expect(handleWith({ batch: unreached }, event)).rejects.toBeInstanceOf(SubmitOutcomeUnknownError);
  await bench.handle(event);
  expect(bench.batch.jobs).toHaveLength(0);
  expect(await bench.coverage()).toEqual({ uncovered: 0, twice: 0 });
  await sweepNow();
  await sweepNow();
  expect(bench.batch.jobs).toHaveLength(1);
  expect((await bench.jobs()).map((job) => job.outcome)).toEqual(['failed', null]);
  expect(await bench.coverage()).toEqual({ uncovered: 0, twice: 0 });
  // No job has failed: there was none.
  expect(bench.published('ResampleFailed')).toEqual([]);
});

test('a claim that this process is submitting is not lost, however young a sweep looks for lost ones', async () => {
  const event = await bench.ingest(['AAPL']);
  const held = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const slow = {
    send(command: SubmitJobCommand) {
      asked.resolve();
      return held.promise.then(() => bench.deps.batch.send(command));
    },
  } as unknown as DispatcherDeps['batch'];
  const handling = handleWith({ batch: slow }, event);
  await asked.promise;
  await sweepNow();
  held.resolve();
  await handling;
  await sweepNow();
  expect(bench.batch.jobs).toHaveLength(1);
  expect(await bench.jobs()).toMatchObject([{ outcome: null, batch_job_id: bench.batch.jobs[0]?.jobId }]);
});

test('died after SubmitJob: the sweep finds the job by its name', async () => {
  const event = await bench.ingest(['AAPL']);
  await expect(handleWith({ db: dyingAt(2) }, event)).rejects.toBe(crash);
  await bench.handle(event);
  await sweepNow();
  const [submitted] = bench.batch.jobs;
  expect(await bench.jobs()).toMatchObject([{ outcome: null, batch_job_id: submitted?.jobId }]);
  expect(bench.batch.jobs).toHaveLength(1);
});

test('died after SubmitJob, and the job has run: nothing is left to do', async () => {
  const event = await bench.ingest(['AAPL']);
  await expect(handleWith({ db: dyingAt(2) }, event)).rejects.toBe(crash);
  await bench.run((await bench.jobs())[0]?.id ?? '');
  await sweepNow();
  await bench.handle(event);
  expect(bench.batch.jobs).toHaveLength(1);
  expect(await bench.jobs()).toMatchObject([{ outcome: 'succeeded' }]);
});

test('a claim younger than two minutes is left to whoever made it', async () => {
  await expect(handleWith({ batch: unreached }, await bench.ingest(['AAPL']))).rejects.toBeInstanceOf(
    SubmitOutcomeUnknownError,
  );
  await sweep(bench.deps, { signal: bench.signal });
  expect(await bench.jobs()).toMatchObject([{ outcome: null }]);
  await bench.db.query(`update ops.job set claimed_at = claimed_at - interval '2 minutes'`);
  await sweep(bench.deps, { signal: bench.signal });
  expect(bench.batch.jobs).toHaveLength(1);
});

test('a job that starts after its claim was given up is told so', async () => {
  await expect(handleWith({ batch: unreached }, await bench.ingest(['AAPL']))).rejects.toBeInstanceOf(
    SubmitOutcomeUnknownError,
  );
  const [job] = await bench.jobs();
  await sweepNow();
  expect(await bench.start(job?.id ?? '')).toBeUndefined();
});

test('a job that Batch forgot, or calls done while its row is not, is taken up again', async () => {
  await bench.handle(await bench.ingest(['AAPL']));
  bench.batch.jobs.length = 0;
  await sweepNow();
  const [second] = bench.batch.jobs;
  expect(bench.batch.jobs).toHaveLength(1);
  if (second) second.status = 'SUCCEEDED';
  await sweepNow();
  expect(bench.batch.jobs).toHaveLength(2);
  expect((await bench.jobs()).map((job) => job.outcome)).toEqual(['failed', 'failed', null]);
});

test('a job whose FAILED never reached us is found by the sweep, told of, and not repeated', async () => {
  await bench.handle(await bench.ingest(['AAPL']));
  const [job] = bench.batch.jobs;
  if (job) Object.assign(job, { status: 'FAILED', statusReason: 'Your Spot Task was interrupted.' });
  await sweepNow();
  await sweepNow();
  if (job) await bench.handle(jobStateChange(job, 'FAILED'));
  expect(bench.published('ResampleFailed')).toMatchObject([
    { data: { reason: 'Your Spot Task was interrupted.' } },
  ]);
  expect(bench.batch.jobs).toHaveLength(1);
});

test('a SubmitJob whose answer is lost is not repeated', async () => {
  bench.batch.answers.push('lose-answer');
  await bench.handle(await bench.ingest(['AAPL']));
  expect(bench.batch.jobs).toHaveLength(1);
  expect(await bench.jobs()).toMatchObject([{ batch_job_id: bench.batch.jobs[0]?.jobId }]);
});

test('a lost answer that nobody can settle is left to the sweep', async () => {
  bench.batch.answers.push('lose-answer');
  bench.batch.listing = false;
  const event = await bench.ingest(['AAPL']);
  await expect(bench.handle(event)).rejects.toBeInstanceOf(SubmitOutcomeUnknownError);
  bench.batch.listing = true;
  await sweepNow();
  expect(bench.batch.jobs).toHaveLength(1);
  expect(await bench.jobs()).toMatchObject([{ outcome: null, batch_job_id: bench.batch.jobs[0]?.jobId }]);
});

test('a connection that breaks and a throttled call are tried again', async () => {
  bench.batch.answers.push('throttle', 'break', 'throttle');
  await bench.handle(await bench.ingest(['AAPL']));
  expect(bench.batch.jobs).toHaveLength(1);
});

test('a refused SubmitJob gives the claim up, so that the same message tries again', async () => {
  bench.batch.answers.push('refuse');
  const event = await bench.ingest(['AAPL']);
  await expect(bench.handle(event)).rejects.toBeInstanceOf(SubmitRefusedError);
  expect(await bench.jobs()).toMatchObject([{ outcome: 'failed' }]);
  await bench.handle(event);
  expect(bench.batch.jobs).toHaveLength(1);
});
