/** Each statement and each SDK call of the dispatcher, its calls of SQS too: as crash-points.test.ts does for the other programs. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import { handleMessages } from '../../services/dispatcher/handler.ts';
import { parseMessage } from '../../services/dispatcher/messages.ts';
import { startDispatcher } from '../../services/dispatcher/start-dispatcher.ts';
import { jobStateChange } from '../integration/dispatcher/dispatcher-bench.ts';
import { envelopeBody, exampleEvents } from '../support/example-events.ts';
import type { SubmittedJob } from '../support/scripted-batch.ts';
import type { TestQueue } from '../support/test-queues.ts';
import { enumerateFaults, type Program } from './support/enumerate-faults.ts';
import { isFull, reportFaults } from './support/fault-figures.ts';
import { ingest, makeHistory } from './support/histories.ts';
import { sessions, source, symbols } from './support/market.ts';
import type { Process } from './support/mortal.ts';
import { createWorld, dispatcherDeps, never, publisher, runBatchJob, type World } from './support/world.ts';

const options = { timeout: isFull ? 3_600_000 : 600_000 };

/** Some, since a message that failed is shown again after a second or two. */
const worldCount = 4;

let worlds: World[];
beforeAll(async () => {
  worlds = await Promise.all(Array.from({ length: worldCount }, () => createWorld()));
});
afterAll(async () => {
  for (const world of worlds) await world.close();
});

async function prepare(begin: (world: World) => Promise<void>): Promise<void> {
  await Promise.all(
    worlds.map(async (world) => {
      await world.empty();
      await makeHistory(world);
      await begin(world);
      await world.save();
    }),
  );
}

async function expectSurvival(context: TestContext, program: Program): Promise<readonly string[]> {
  const { statements, ...figures } = await enumerateFaults(worlds, program);
  reportFaults(context, { row: 'crash or cut before or after each statement and SDK call', ...figures });
  return statements;
}

const noEvent = envelopeBody('BarsIngested', { ...exampleEvents.BarsIngested, data: {} });

/** A day of the history as the archive sends it again. */
function replayedDay(number: number): string {
  const { metadata, data } = exampleEvents.BarsIngested;
  const detail = {
    metadata: { ...metadata, id: randomUUID(), idempotencyKey: `archived ${number}` },
    data: { ...data, source, tradingDay: sessions[number], symbols },
  };
  return envelopeBody('BarsIngested', detail, { 'replay-name': 'again' });
}

/** Has a job submitted for a session that is taken in now, and leaves it as `end` says, with its work undone. */
async function leaveJob(
  world: World,
  number: number,
  end: 'waiting' | 'forgotten' | 'FAILED' | 'unnamed',
): Promise<SubmittedJob> {
  await ingest(world, number);
  await publisher(world.immortal)();
  await world.dispatch();
  const job = world.jobs.at(-1);
  if (job === undefined) throw new Error('no job was submitted');
  const set = (columns: string) =>
    world.db.query(`update ops.job set ${columns} where id = $1`, [job.parameters.job]);
  // As if it had started: what comes later is claimed for a job of its own.
  if (end !== 'waiting') await set('started_at = now(), started_snapshot = pg_current_snapshot()');
  if (end === 'forgotten') world.jobs.pop();
  if (end === 'FAILED') job.status = 'FAILED';
  if (end === 'unnamed') await set('batch_job_id = null, submitted_at = null');
  return job;
}

test('one batch of messages: new bars, a day of the archive, jobs that ended', options, async (context) => {
  await prepare(async (world) => {
    const done = await leaveJob(world, 10, 'waiting');
    await runBatchJob(world.immortal, done);
    done.status = 'SUCCEEDED';
    const lost = await leaveJob(world, 11, 'FAILED');
    await ingest(world, 12);
    await ingest(world, 5);
    await publisher(world.immortal)();
    world.inbox.push(replayedDay(7), jobStateChange(done, 'SUCCEEDED'), jobStateChange(lost, 'FAILED'));
  });
  const statements = await expectSurvival(context, {
    async run(process, world) {
      const messages = world.inbox.map((body) => parseMessage({ body }));
      await handleMessages(dispatcherDeps(process), messages, never);
      world.inbox.length = 0;
    },
  });
  expect(statements).toContain('/v1/submitjob');
  expect(statements).toContain('AWSEvents.PutEvents');
});

test('the dispatcher from its sweep to an empty queue', options, async (context) => {
  await prepare(async (world) => {
    await leaveJob(world, 10, 'forgotten');
    await leaveJob(world, 11, 'FAILED');
    await leaveJob(world, 12, 'unnamed');
    await world.db.query(
      `update ops.job set claimed_at = claimed_at - interval '3 minutes', submitted_at = submitted_at - interval '3 minutes'`,
    );
    await ingest(world, 13);
    await publisher(world.immortal)();
    await ingest(world, 14);
    world.inbox.push(replayedDay(7), noEvent, world.inbox[0] ?? '');
  });
  const queues = new Map<World, TestQueue>();
  const statements = await expectSurvival(context, {
    async run(process, world) {
      const queue = world.queues.create({ maxReceiveCount: 10 });
      queues.set(world, queue);
      for (const body of world.inbox.splice(0)) await queue.send(body);
      await untilEmpty(process, queue);
    },
    // What the dead process had received is shown again after a time.
    async afterwards(world) {
      const queue = queues.get(world);
      world.inbox.push(...(queue?.bodies() ?? []));
      world.poison.push(...((await queue?.deadLetters()) ?? []).map(({ body }) => body));
    },
    judge: (world) =>
      world.poison.length > 0 && world.poison.every((body) => body === noEvent)
        ? []
        : [`dead letters: ${JSON.stringify(world.poison)}`],
  });
  for (const operation of ['ReceiveMessage', 'DeleteMessageBatch', 'SendMessage', 'DeleteMessage']) {
    expect(statements).toContain(`AmazonSQS.${operation}`);
  }
});

/** Long enough for a message that failed to be shown again twice; what is hidden for longer is left to the next dispatcher. */
const quietMs = 4_000;

async function untilEmpty(process: Process, queue: TestQueue): Promise<void> {
  const stopping = new AbortController();
  let [last, since] = ['', Date.now()];
  const timer = setInterval(() => {
    const { ready, inFlight } = queue.counts();
    const now = `${ready} ${inFlight}`;
    if (now !== last) [last, since] = [now, Date.now()];
    if (ready + inFlight === 0 || Date.now() - since > quietMs) stopping.abort();
  }, 20);
  const { queueUrl, deadLetterQueueUrl } = queue;
  try {
    await startDispatcher(
      { ...dispatcherDeps(process), sqs: process.sqs, queueUrl, deadLetterQueueUrl },
      {
        signal: AbortSignal.any([stopping.signal, process.gone]),
        sweepEveryMs: 3_600_000,
        waitTimeSeconds: 1,
      },
    );
  } finally {
    clearInterval(timer);
  }
}
