import { setTimeout as sleep } from 'node:timers/promises';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseEnvelope, parseEvent } from '../../../events/parse.ts';
import { type Consumption, consume } from '../../../services/shared/consume.ts';
import type { ReceivedMessage } from '../../../services/shared/handle-batch.ts';
import { PoisonMessageError } from '../../../services/shared/poison-message-error.ts';
import { envelopeBody, exampleEvents } from '../../support/example-events.ts';
import { startTestQueues, type TestQueue, type TestQueues } from '../../support/test-queues.ts';

let queues: TestQueues;
beforeAll(async () => {
  queues = await startTestQueues();
});
afterAll(() => queues.close());

const running: { stop: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
});

const bodyOf = (message: ReceivedMessage) => message.body;

function parseBars({ body }: ReceivedMessage) {
  const { detailType, detail } = parseEnvelope(body);
  return parseEvent(detailType, detail);
}

function start<T>(queue: TestQueue, consumption: Omit<Consumption<T>, 'signal'>) {
  const controller = new AbortController();
  const done = consume(
    { ...queue, sqs: queues.sqs },
    { waitTimeSeconds: 1, retryDelaySeconds: () => 0, ...consumption, signal: controller.signal },
  );
  const stop = async () => {
    controller.abort();
    await done;
  };
  running.push({ stop });
  return { stop };
}

const until = (assertion: () => void | Promise<void>) =>
  vi.waitFor(assertion, { timeout: 15_000, interval: 10 });

test('acknowledges by returning, ten messages at a time', async () => {
  const queue = queues.create();
  for (let i = 0; i < 25; i++) await queue.send(`m${i}`);
  const batches: string[][] = [];
  start(queue, { parse: bodyOf, handle: async (bodies) => void batches.push(bodies) });
  await until(() => expect(queue.counts()).toEqual({ ready: 0, inFlight: 0, dead: 0 }));
  expect(batches.flat().toSorted()).toEqual(Array.from({ length: 25 }, (_, i) => `m${i}`).toSorted());
  expect(Math.max(...batches.map((batch) => batch.length))).toBe(10);
});

test('receives a message whose handler threw again, and dead-letters it after exactly maxReceiveCount', async () => {
  const queue = queues.create({ maxReceiveCount: 3 });
  await queue.send('toxic');
  const receives: number[] = [];
  start(queue, {
    parse: (message) => message,
    handle: async (messages) => {
      receives.push(...messages.map(({ receiveCount }) => receiveCount));
      throw new Error('database away');
    },
  });
  await until(() => expect(queue.counts()).toEqual({ ready: 0, inFlight: 0, dead: 1 }));
  expect(receives).toEqual([1, 2, 3]);
  expect(queue.log.filter(({ err }) => err?.message === 'database away')).toHaveLength(3);
});

test('a message that always fails does not take its neighbours along', async () => {
  const queue = queues.create({ maxReceiveCount: 2 });
  for (const body of ['good1', 'toxic', 'good2']) await queue.send(body);
  const done: string[] = [];
  start(queue, {
    parse: bodyOf,
    handle: async (bodies) => {
      if (bodies.includes('toxic')) throw new Error('always');
      done.push(...bodies);
    },
  });
  await until(() => expect(queue.counts()).toEqual({ ready: 0, inFlight: 0, dead: 1 }));
  expect(done.toSorted()).toEqual(['good1', 'good2']);
});

test('waits before a message whose handler threw is received again', async () => {
  const queue = queues.create();
  await queue.send('again');
  const times: number[] = [];
  start(queue, {
    retryDelaySeconds: (count) => count,
    parse: bodyOf,
    handle: async () => {
      times.push(performance.now());
      if (times.length === 1) throw new Error('once');
    },
  });
  await until(() => expect(times).toHaveLength(2));
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(900);
});

describe('poison', () => {
  test('goes to the dead-letter queue at once with its reason, and its neighbours are handled together', async () => {
    const queue = queues.create();
    const good = envelopeBody('BarsIngested', exampleEvents.BarsIngested);
    const bad = envelopeBody('BarsIngested', { ...exampleEvents.BarsIngested, data: { tradingDay: 7 } });
    await queue.send(good);
    await queue.send(bad, { tenant: 'blue' });
    await queue.send('no JSON');
    await queue.send(good);
    let handled = 0;
    start(queue, { parse: parseBars, handle: async (events) => void (handled += events.length) });
    await until(() => expect(queue.counts()).toEqual({ ready: 0, inFlight: 0, dead: 2 }));
    expect(handled).toBe(2);
    const dead = await queue.deadLetters();
    expect(dead.find(({ body }) => body === bad)?.attributes).toEqual({
      tenant: 'blue',
      PoisonReason: 'BarsIngested data.source is missing',
      PoisonMessageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(dead.find(({ body }) => body === 'no JSON')?.attributes['PoisonReason']).toMatch(
      /^The message body is no JSON/,
    );
  });

  test('found by the handler is singled out', async () => {
    const queue = queues.create();
    for (const body of ['a', 'poison', 'b']) await queue.send(body);
    const done: string[] = [];
    start(queue, {
      parse: bodyOf,
      handle: async (bodies) => {
        if (bodies.includes('poison')) throw new PoisonMessageError('names a day before the calendar');
        done.push(...bodies);
      },
    });
    await until(() => expect(queue.counts()).toEqual({ ready: 0, inFlight: 0, dead: 1 }));
    expect(done.toSorted()).toEqual(['a', 'b']);
    const [dead] = await queue.deadLetters();
    expect(dead).toMatchObject({
      body: 'poison',
      attributes: { PoisonReason: 'names a day before the calendar' },
    });
  });

  test('keeps ten attributes beside the reason, the last ones together in one', async () => {
    const queue = queues.create();
    await queue.send('x', Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`a${i}`, 'v'])));
    start(queue, {
      parse: () => {
        throw new PoisonMessageError('because');
      },
      handle: async () => {},
    });
    await until(() => expect(queue.counts().dead).toBe(1));
    const [dead] = await queue.deadLetters();
    expect(Object.keys(dead?.attributes ?? {})).toHaveLength(10);
    expect(dead?.attributes).toMatchObject({ PoisonReason: 'because', a0: 'v', a6: 'v' });
    expect(JSON.parse(dead?.attributes['PoisonMoreAttributes'] ?? '')).toMatchObject({
      a7: { type: 'String', text: 'v' },
      a9: { type: 'String', text: 'v' },
    });
  });
});

describe('stopping', () => {
  test('begins nothing more of what it has received', async () => {
    const queue = queues.create();
    for (const body of ['m1', 'm2', 'm3']) await queue.send(body);
    let stopped = Promise.resolve();
    const handled: string[][] = [];
    const consumer = start(queue, {
      visibilityTimeoutSeconds: 3,
      parse: bodyOf,
      handle: async (bodies) => {
        handled.push(bodies);
        // Together they fail, and each comes again alone, until the first of these stops it.
        if (handled.length > 1) stopped = consumer.stop();
        else throw new Error('together');
      },
    });
    await until(() => expect(handled.length).toBeGreaterThan(1));
    await stopped;
    expect(handled.map((bodies) => bodies.length)).toEqual([3, 1]);
    start(queue, { parse: bodyOf, handle: async (bodies) => void handled.push(bodies) });
    await until(() => expect(queue.counts()).toEqual({ ready: 0, inFlight: 0, dead: 0 }));
    expect(handled.slice(1).flat().toSorted()).toEqual(['m1', 'm2', 'm3']);
  });

  test('waits for the handler at work and deletes its messages', async () => {
    const queue = queues.create();
    await queue.send('slow');
    const events: string[] = [];
    const consumer = start(queue, {
      parse: bodyOf,
      handle: async () => {
        events.push('begin');
        await sleep(1_500);
        events.push('end');
      },
    });
    await until(() => expect(events).toEqual(['begin']));
    await queue.send('late');
    await consumer.stop();
    expect(events).toEqual(['begin', 'end']);
    expect(queue.counts()).toEqual({ ready: 1, inFlight: 0, dead: 0 });
  });

  test('does not wait for a long poll', async () => {
    const queue = queues.create();
    const consumer = start(queue, { waitTimeSeconds: 20, parse: bodyOf, handle: async () => {} });
    await sleep(300);
    const begin = performance.now();
    await consumer.stop();
    expect(performance.now() - begin).toBeLessThan(500);
    expect(queue.log).toEqual([]);
  });
});

test('keeps a message hidden while its handler works longer than the visibility timeout', async () => {
  const queue = queues.create();
  await queue.send('long');
  let handled = 0;
  const slow = {
    visibilityTimeoutSeconds: 2,
    parse: bodyOf,
    handle: async () => {
      handled++;
      await sleep(4_500);
    },
  };
  start(queue, slow);
  start(queue, slow);
  await until(() => expect(queue.counts()).toEqual({ ready: 0, inFlight: 0, dead: 0 }));
  expect(handled).toBe(1);
});

test('gives a handler up at the deadline, tells it so, and receives the message again', async () => {
  const queue = queues.create();
  await queue.send('stuck');
  const told: boolean[] = [];
  start(queue, {
    handlerDeadlineMs: 300,
    parse: bodyOf,
    handle: async (_bodies, signal) => {
      if (told.length > 0) return;
      await sleep(10_000, undefined, { signal }).catch(() => told.push(signal.aborted));
      await sleep(60_000, undefined, { ref: false });
    },
  });
  await until(() => expect(queue.counts()).toEqual({ ready: 0, inFlight: 0, dead: 0 }));
  expect(told).toEqual([true]);
  expect(queue.log.map(({ err }) => err?.message)).toContain('The handler was not done after 300 ms');
});

test('a handler that hangs takes no time from the messages beside it', async () => {
  const queue = queues.create({ maxReceiveCount: 3 });
  for (const body of ['good1', 'stuck', 'good2', 'good3']) await queue.send(body);
  const tries = new Map<string, number>();
  const done: string[] = [];
  start(queue, {
    handlerDeadlineMs: 200,
    parse: bodyOf,
    handle: async (bodies, signal) => {
      for (const body of bodies) tries.set(body, (tries.get(body) ?? 0) + 1);
      if (bodies.includes('stuck')) await sleep(60_000, undefined, { signal });
      done.push(...bodies);
    },
  });
  await until(() => expect(queue.counts()).toEqual({ ready: 0, inFlight: 0, dead: 1 }));
  expect(done.toSorted()).toEqual(['good1', 'good2', 'good3']);
  // Together with it, and then each by itself.
  for (const body of done) expect(tries.get(body)).toBeLessThanOrEqual(2);
});

test('logs trouble with the queue, waits longer each time, and goes on when it is back', async () => {
  const queue = queues.create();
  await queue.send('patience');
  const missing = { ...queue, queueUrl: queue.queueUrl.replace(/[^/]+$/, 'gone') };
  const consumer = start(missing, { parse: bodyOf, handle: async () => {} });
  await sleep(2_000);
  await consumer.stop();
  expect(queue.log.length).toBeGreaterThan(1);
  // Without waits it is hundreds.
  expect(queue.log.length).toBeLessThan(40);
  expect(queue.log[0]?.err?.message).toMatch(/SQS receive message failed/);

  let handled = 0;
  start(missing, { parse: bodyOf, handle: async () => void handled++ });
  await sleep(200);
  queues.server.createQueue('gone');
  await queues.sqs.send(new SendMessageCommand({ QueueUrl: missing.queueUrl, MessageBody: 'now' }));
  await until(() => expect(handled).toBe(1));
});
