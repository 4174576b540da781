/** Dead letters of both kinds, over the wire of the local cloud: shown, moved back, and never lost. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  type Message,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { topology } from '../../../infra/topology.ts';
import { untilEmpty } from '../../../services/cli/at-cloud.ts';
import { redrive } from '../../../services/cli/commands/redrive.ts';
import type { QueueNames } from '../../../services/cli/redrive/dead-letter-queues.ts';
import { parseMessage } from '../../../services/dispatcher/messages.ts';
import { type Provisioned, provision } from '../../../services/local/provision.ts';
import { consume } from '../../../services/shared/consume.ts';
import { captureOutput } from '../../support/capture-output.ts';
import { broken, envelopeBody, exampleEvents } from '../../support/example-events.ts';
import { type Interception, startInterceptingProxy } from '../../support/intercepting-proxy.ts';
import { clientsFor, receive, startTestCloud, type TestCloud, until } from '../local-cloud/test-cloud.ts';

const failedQueue = topology.queues.dispatcher.deadLetterQueue;
const undeliveredQueue = 'fibonacci-bars-silver-updated-undelivered';

type Rig = TestCloud & { names: Provisioned };

async function startRig(): Promise<Rig> {
  const rig = await startTestCloud();
  return { ...rig, names: await provision(rig.clients, topology) };
}

const good = envelopeBody('BarsIngested', exampleEvents.BarsIngested);
const poison = envelopeBody('BarsIngested', broken('BarsIngested', ['data', 'bars'], -1));
const poisonReason = 'BarsIngested data.bars is -1: must be >= 0';

async function send({ clients, names }: Rig, body: string, attributes: Record<string, string> = {}) {
  await clients.sqs.send(
    new SendMessageCommand({
      QueueUrl: names.queueUrl,
      MessageBody: body,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
      ),
    }),
  );
}

/** A consumer of the dispatcher's queue; `stop` ends it. */
function consumeQueue({ clients, names }: Rig, handle: () => Promise<void>): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const ended = consume(
    { ...clients, ...names, logger: pino({ level: 'silent' }) },
    { parse: parseMessage, handle, signal: stopping.signal, waitTimeSeconds: 1, retryDelaySeconds: () => 0 },
  );
  const stop = async () => {
    stopping.abort();
    await ended;
  };
  onTestFinished(stop);
  return { stop };
}

/** Messages of each queue that has any: visible and in flight. */
async function counts({ clients }: Rig): Promise<Record<string, [number, number]>> {
  const { QueueUrls = [] } = await clients.sqs.send(new ListQueuesCommand({}));
  const found: [string, [number, number]][] = [];
  for (const QueueUrl of QueueUrls) {
    const { Attributes } = await clients.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    const both: [number, number] = [
      Number(Attributes?.ApproximateNumberOfMessages),
      Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
    ];
    if (both[0] + both[1] > 0) found.push([QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1), both]);
  }
  return Object.fromEntries(found);
}

async function letDie(rig: Rig, bodies: readonly string[], handle = () => Promise.resolve()) {
  const consumer = consumeQueue(rig, handle);
  for (const body of bodies) await send(rig, body, { tenant: 'blue' });
  await until(async () => (await counts(rig))[failedQueue]?.[0] === bodies.length);
  await consumer.stop();
}

/** An event of the example subscriber, whose queue is gone. */
async function leaveUndelivered({ clients, names }: Rig): Promise<void> {
  await clients.sqs.send(new DeleteQueueCommand({ QueueUrl: names.subscriberQueueUrl }));
  const { FailedEntryCount } = await clients.eventBridge.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: names.busName,
          Source: topology.eventSource,
          DetailType: 'SilverUpdated',
          Detail: JSON.stringify(exampleEvents.SilverUpdated),
        },
      ],
    }),
  );
  expect(FailedEntryCount).toBe(0);
}

type Document = {
  missingQueues: string[];
  held: number;
  letters: { messageId: string; queue: string; reason: string; moved: boolean; error: string | null }[];
  moved: number;
  failed: number;
  complete: boolean;
};

async function run(
  { clients }: Rig,
  { dryRun = false, signal = new AbortController().signal } = {},
): Promise<{ code: number; document: Document }> {
  const { code, text } = await runWith(clients, { dryRun, signal, json: true });
  return { code, document: JSON.parse(text) as Document };
}

async function runWith(
  { sqs }: Rig['clients'],
  { dryRun = false, signal = new AbortController().signal, json = false, names = notNamed } = {},
): Promise<{ code: number; text: string; waited: boolean }> {
  const { output, text } = captureOutput({ json });
  let waited = false;
  const settle = async () => void (waited = true);
  const code = await redrive({ sqs, names, output, signal, settle }, { dryRun });
  return { code, text: text(), waited };
}

const notNamed: QueueNames = { queueUrl: undefined, deadLetterQueueUrl: undefined };

const sum = ([visible, inFlight]: [number, number] = [0, 0]) => visible + inFlight;
const bodiesOf = (messages: readonly Message[]) => new Set(messages.map(({ Body }) => Body));

test('a dry run shows each letter of both kinds with its reason and age, and leaves all where they are', async () => {
  const rig = await startRig();
  await letDie(rig, [poison, 'no JSON']);
  await leaveUndelivered(rig);
  const { metadata } = exampleEvents.SilverUpdated;
  const { code, document } = await run(rig, { dryRun: true });
  expect(code).toBe(0);
  expect(document).toMatchObject({ dryRun: true, moved: 0, failed: 0, complete: true });
  const letter = { ageSeconds: expect.closeTo(0, -2), moved: false, error: null };
  expect(document.letters).toHaveLength(3);
  expect(document.letters).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        ...letter,
        queue: failedQueue,
        kind: 'failed',
        origin: topology.queues.dispatcher.name,
        reason: poisonReason,
        poison: true,
        detailType: 'BarsIngested',
        eventId: metadata.id,
        correlationId: metadata.correlationId,
      }),
      expect.objectContaining({
        ...letter,
        reason: expect.stringContaining('The message body is no JSON'),
        detailType: null,
        eventId: null,
      }),
      expect.objectContaining({
        ...letter,
        queue: undeliveredQueue,
        kind: 'undelivered',
        origin: topology.queues.subscriber.name,
        reason: 'EventBridge could not deliver it: NO_RESOURCE, The specified queue does not exist.',
        poison: false,
        detailType: 'SilverUpdated',
      }),
    ]),
  );
  expect(await counts(rig)).toEqual({ [failedQueue]: [2, 0], [undeliveredQueue]: [1, 0] });
});

test('a letter that failed in its handler goes back as it was, and the queue works on it', async () => {
  const rig = await startRig();
  await letDie(rig, [good], () => Promise.reject(new Error('the database is away')));
  const { code, document } = await run(rig);
  expect({ code, moved: document.moved }).toEqual({ code: 0, moved: 1 });
  expect(document.letters[0]?.reason).toBe('its handler failed each time that it was received');
  expect(await counts(rig)).toEqual({ [topology.queues.dispatcher.name]: [1, 0] });
  const [message] = await receive(rig.clients, rig.names.queueUrl, 1);
  expect(message).toMatchObject({ Body: good, Attributes: { ApproximateReceiveCount: '1' } });
  expect(message?.MessageAttributes).toEqual({ tenant: { DataType: 'String', StringValue: 'blue' } });
});

test('what EventBridge could not deliver goes to the queue of its rule once that is there', async () => {
  const rig = await startRig();
  await leaveUndelivered(rig);
  const without = await run(rig);
  expect(without).toMatchObject({ code: 1, document: { moved: 0, failed: 1 } });
  expect(without.document.letters[0]?.error).toBe(
    `still in ${undeliveredQueue}: there is no queue ${topology.queues.subscriber.name}: make it again, and redrive again`,
  );
  expect(await counts(rig)).toEqual({ [undeliveredQueue]: [1, 0] });

  const names = await provision(rig.clients, topology);
  expect(await run(rig)).toMatchObject({ code: 0, document: { moved: 1, failed: 0 } });
  expect(await counts(rig)).toEqual({ [topology.queues.subscriber.name]: [1, 0] });
  const [message] = await receive(rig.clients, names.subscriberQueueUrl, 1);
  expect(message?.MessageAttributes).toBeUndefined();
  expect(JSON.parse(message?.Body ?? '')).toMatchObject({ detail: exampleEvents.SilverUpdated });
});

test.each(['a queue', 'the queue of its URL'])(
  '%s that is missing keeps its own letters, and those alone, until it is there again',
  async (which) => {
    const rig = await startRig();
    const { sqs } = rig.clients;
    await letDie(rig, ['of the dispatcher']);
    const urlOf = (name: string) => rig.names.queueUrl.replace(topology.queues.dispatcher.name, name);
    const other = topology.queues.subscriber;
    await sqs.send(
      new SendMessageCommand({ QueueUrl: urlOf(other.deadLetterQueue), MessageBody: 'of the subscriber' }),
    );
    await sqs.send(new DeleteQueueCommand({ QueueUrl: rig.names.queueUrl }));
    const names = which === 'a queue' ? notNamed : rig.names;
    const { code, text, waited } = await runWith(rig.clients, { names });
    // Nobody works on what a queue that is missing would have brought.
    expect({ code, waited }).toEqual({ code: 1, waited: false });
    const lines = text.trimEnd().split('\n');
    const gone = topology.queues.dispatcher.name;
    expect(
      lines.filter((line) => line.includes(`still in ${failedQueue}: there is no queue ${gone}`)),
    ).toHaveLength(1);
    expect(lines).toContain('1 of 2 dead letters moved back');
    expect(lines.at(-1)).toMatch(`There is no queue ${gone}: \`fibbars up\`, started anew, makes it again`);
    expect(await counts(rig)).toEqual({ [failedQueue]: [1, 0], [other.name]: [1, 0] });
    expect(await run(rig)).toMatchObject({
      code: 1,
      document: { moved: 0, failed: 1, missingQueues: [gone] },
    });

    await provision(rig.clients, topology);
    expect(await runWith(rig.clients)).toMatchObject({ code: 0, waited: true });
    expect(await counts(rig)).toEqual({ [gone]: [1, 0], [other.name]: [1, 0] });
  },
);

test('whoever waits for a queue that is missing is told which, and what to do', async () => {
  const { clients } = await startTestCloud();
  const { name } = topology.queues.dispatcher;
  await expect(untilEmpty(clients.sqs, name, AbortSignal.timeout(5_000))).rejects.toThrow(
    `There is no queue ${name}: \`fibbars up\`, started anew, makes it again`,
  );
});

test('a queue of dead letters that is missing is named, and the others are emptied', async () => {
  const rig = await startRig();
  await letDie(rig, ['one']);
  const gone = topology.queues.subscriber.deadLetterQueue;
  const QueueUrl = rig.names.subscriberQueueUrl.replace(topology.queues.subscriber.name, gone);
  await rig.clients.sqs.send(new DeleteQueueCommand({ QueueUrl }));
  expect(await run(rig)).toMatchObject({ code: 1, document: { moved: 1, failed: 0, missingQueues: [gone] } });
});

test('poison is moved once although it comes back at once, and has its reason again', async () => {
  const rig = await startRig();
  const many = Array.from({ length: 25 }, (_, at) => poison.replace('"bars":-1', `"bars":${-1 - at}`));
  await letDie(rig, many);
  const consumer = consumeQueue(rig, () => Promise.resolve());
  const { code, document } = await run(rig);
  expect({ code, moved: document.moved }).toEqual({ code: 0, moved: 25 });
  await until(async () => (await counts(rig))[failedQueue]?.[0] === 25);
  await consumer.stop();
  const again = await run(rig, { dryRun: true });
  expect(again.document.letters.map(({ reason }) => reason).toSorted()).toEqual(
    many.map((_, at) => poisonReason.replace('-1', String(-1 - at))).toSorted(),
  );
});

test('a signal stops it between two letters: the others are visible again at once', async () => {
  const rig = await startRig();
  await letDie(rig, ['one', 'two', 'three']);
  const stopping = new AbortController();
  const stopAfterFirst = await startInterceptingProxy(
    rig.cloud.endpoint,
    (_, operation) => {
      if (operation === 'AmazonSQS.DeleteMessage') stopping.abort();
      return 'pass';
    },
    () => {},
  );
  onTestFinished(() => stopAfterFirst.close());
  const clients = clientsFor(stopAfterFirst.endpoint);
  const { code, document } = await run({ ...rig, clients }, { signal: stopping.signal });
  expect({ code, moved: document.moved, complete: document.complete }).toEqual({
    code: 1,
    moved: 1,
    complete: false,
  });
  expect(await counts(rig)).toEqual({ [failedQueue]: [2, 0], [topology.queues.dispatcher.name]: [1, 0] });
});

test('an endpoint without the pipeline is told of', async () => {
  const rig = await startTestCloud();
  await expect(run({ ...rig, names: {} as Provisioned })).rejects.toThrow('check AWS_ENDPOINT_URL');
});

const program = fileURLToPath(new URL('../../../services/cli/main.ts', import.meta.url));

test.each<[string, string, Interception, { origin: number; left: number }]>([
  ['before it sends', 'AmazonSQS.SendMessage', 'hold-request', { origin: 0, left: 2 }],
  ['before it knows that it has sent', 'AmazonSQS.SendMessage', 'hold-answer', { origin: 1, left: 2 }],
  ['before it deletes', 'AmazonSQS.DeleteMessage', 'hold-request', { origin: 1, left: 2 }],
  ['before it knows that it has deleted', 'AmazonSQS.DeleteMessage', 'hold-answer', { origin: 1, left: 1 }],
])('killed %s, a letter may come twice and is never lost', async (_, operation, interception, expected) => {
  const rig = await startRig();
  await letDie(rig, ['first', 'second']);
  const held = Promise.withResolvers<void>();
  const proxy = await startInterceptingProxy(
    rig.cloud.endpoint,
    (_path, called) => (called === operation ? interception : 'pass'),
    held.resolve,
  );
  onTestFinished(() => proxy.close());
  const child = spawn(process.execPath, [program, 'redrive'], {
    env: { PATH: process.env['PATH'], AWS_ENDPOINT_URL: proxy.endpoint },
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  await held.promise;
  child.kill('SIGKILL');
  await exited;
  const { [failedQueue]: left, [topology.queues.dispatcher.name]: origin } = await counts(rig);
  expect({ origin: sum(origin), left: sum(left) }).toEqual(expected);

  // Until what was hidden is shown again, it is told of.
  expect(await run(rig)).toMatchObject({
    code: 1,
    document: { letters: [], held: expected.left, heldForSecondsAtMost: 120 },
  });

  const realNow = Date.now.bind(Date);
  const later = vi.spyOn(Date, 'now').mockImplementation(() => realNow() + 121_000);
  onTestFinished(() => later.mockRestore());
  expect(await run(rig)).toMatchObject({ code: 0, document: { moved: expected.left, failed: 0 } });
  const back = await receive(rig.clients, rig.names.queueUrl, expected.origin + expected.left);
  expect(bodiesOf(back)).toEqual(new Set(['first', 'second']));
});
