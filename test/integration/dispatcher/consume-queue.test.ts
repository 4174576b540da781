import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { claimJob } from '../../../services/dispatcher/claim-job.ts';
import { startDispatcher } from '../../../services/dispatcher/start-dispatcher.ts';
import { broken, envelopeBody } from '../../support/example-events.ts';
import { startTestQueues, type TestQueue, type TestQueues } from '../../support/test-queues.ts';
import {
  barsIngested,
  type DispatcherBench,
  jobStateChange,
  startDispatcherBench,
} from './dispatcher-bench.ts';

let bench: DispatcherBench;
let queues: TestQueues;
let queue: TestQueue;
beforeAll(async () => {
  [bench, queues] = await Promise.all([startDispatcherBench(), startTestQueues()]);
});
beforeEach(async () => {
  await bench.clear();
  queue = queues.create();
});
afterEach(async () => {
  for (const each of running.splice(0)) await each();
});
afterAll(async () => {
  await Promise.all([bench.close(), queues.close()]);
});

const running: (() => Promise<void>)[] = [];

function start(sweepEveryMs = 60_000, alone = false): () => Promise<void> {
  const stopping = new AbortController();
  const { queueUrl, deadLetterQueueUrl, logger } = queue;
  const ended = startDispatcher(
    { ...bench.deps, sqs: queues.sqs, queueUrl, deadLetterQueueUrl, logger },
    { signal: stopping.signal, sweepEveryMs, alone, waitTimeSeconds: 1 },
  );
  const stop = async () => {
    stopping.abort();
    await ended;
  };
  running.push(stop);
  return stop;
}

const until = (assertion: () => void | Promise<void>) =>
  vi.waitFor(assertion, { timeout: 15_000, interval: 20 });
const untilEmpty = () => until(() => expect(queue.counts()).toMatchObject({ ready: 0, inFlight: 0 }));

test('takes events off the queue and submits one job for them', async () => {
  for (let i = 0; i < 25; i++) await queue.send(await bench.ingest([`S${i}`]));
  start();
  await untilEmpty();
  expect(bench.batch.jobs).toHaveLength(1);
  expect((await bench.jobs())[0]?.symbols).toHaveLength(25);
});

test.each([
  { where: 'where nobody else submits', alone: true, unfinished: 0, submitted: 1 },
  { where: 'where another may be about to submit it', alone: false, unfinished: 1, submitted: 0 },
])('a claim left a moment ago, $where', async ({ alone, unfinished, submitted }) => {
  await bench.ingest(['AAPL']);
  await bench.db.transaction((client) => claimJob(client, bench.deps.jobSize));
  const stop = start(60_000, alone);
  await until(() => expect(bench.batch.jobs).toHaveLength(submitted));
  await stop();
  const claims = await bench.db.query(
    'select from ops.job where finished_at is null and batch_job_id is null',
  );
  expect(claims).toHaveLength(unfinished);
});

test('duplicate: the same message again is taken off and submits nothing', async () => {
  const event = await bench.ingest(['AAPL']);
  await queue.send(event);
  start();
  await untilEmpty();
  await bench.run((await bench.jobs())[0]?.id ?? '');
  await queue.send(event);
  await queue.send(event);
  await untilEmpty();
  expect(bench.batch.jobs).toHaveLength(1);
  expect(queue.counts().dead).toBe(0);
});

test('out of order and late: whichever event comes first, all that is pending is worked on once', async () => {
  const [first, second] = [await bench.ingest(['AAPL']), await bench.ingest(['MSFT'])];
  start();
  await queue.send(second);
  await until(() => expect(bench.batch.jobs).toHaveLength(1));
  await until(async () => expect((await bench.jobs())[0]?.batch_job_id).toBeTruthy());
  await bench.run((await bench.jobs())[0]?.id ?? '');
  await queue.send(first);
  await untilEmpty();
  expect(bench.batch.jobs).toHaveLength(1);
  expect(await bench.coverage()).toEqual({ uncovered: 0, twice: 0 });
});

test('poison: what breaks its contract is dead-lettered with the reason, and its neighbours are handled', async () => {
  await queue.send(envelopeBody('BarsIngested', broken('BarsIngested', ['data', 'tradingDay'], 'yesterday')));
  await queue.send('no json');
  await queue.send(
    envelopeBody('BarsIngested', broken('BarsIngested', ['metadata', 'idempotencyKey'], 'a\0b')),
  );
  await queue.send(await bench.ingest(['AAPL']));
  start();
  await untilEmpty();
  expect(bench.batch.jobs).toHaveLength(1);
  const reasons = (await queue.deadLetters()).map((each) => each.attributes['PoisonReason']);
  expect(reasons).toHaveLength(3);
  expect(reasons).toEqual(
    expect.arrayContaining([
      expect.stringContaining('BarsIngested data.tradingDay is "yesterday"'),
      expect.stringContaining('The message body is no JSON'),
      expect.stringContaining(
        'metadata.idempotencyKey is "a\\u0000b": it must not hold the character U+0000',
      ),
    ]),
  );
});

test('crash after write: a message whose claim was committed before the crash comes again and adds nothing', async () => {
  start();
  // Once this has gone through, the sweep at the start is over.
  await queue.send(barsIngested(crypto.randomUUID(), ['AAPL']));
  await untilEmpty();
  bench.batch.answers.push('lose-answer');
  bench.batch.listing = false;
  await queue.send(await bench.ingest(['AAPL']));
  await until(() => expect(queue.log.some((line) => line.msg.startsWith('Handler failed'))).toBe(true));
  bench.batch.listing = true;
  await untilEmpty();
  expect(bench.batch.jobs).toHaveLength(1);
  expect(await bench.jobs()).toHaveLength(1);
  expect(await bench.coverage()).toEqual({ uncovered: 0, twice: 0 });
});

test('a refused submission is tried again with the message', async () => {
  bench.batch.answers.push('refuse');
  await queue.send(await bench.ingest(['AAPL']));
  start();
  await until(() => expect(bench.batch.jobs).toHaveLength(1));
  await untilEmpty();
  expect(queue.counts().dead).toBe(0);
});

test('hears on its queue that a job failed', async () => {
  await queue.send(await bench.ingest(['AAPL']));
  start();
  await until(async () => expect((await bench.jobs())[0]?.batch_job_id).toBeTruthy());
  const [job] = bench.batch.jobs;
  if (job) await queue.send(jobStateChange(job, 'FAILED'));
  await untilEmpty();
  expect(bench.published('ResampleFailed')).toHaveLength(1);
});

test('takes up at its start what nobody has told of', async () => {
  await bench.ingest(['AAPL']);
  start();
  await until(() => expect(bench.batch.jobs).toHaveLength(1));
});

test('sweeps while it runs', async () => {
  await bench.handle(await bench.ingest(['AAPL']));
  start(50);
  await bench.db.query(
    `update ops.job set batch_job_id = null, submitted_at = null, claimed_at = now() - interval '3 minutes'`,
  );
  await until(async () => expect((await bench.jobs())[0]?.batch_job_id).toBe(bench.batch.jobs[0]?.jobId));
  expect(bench.batch.jobs).toHaveLength(1);
});
