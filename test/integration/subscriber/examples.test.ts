/** The guide's examples, against the local cloud. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DescribeRuleCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { AnyEvent } from '../../../events/any-event.ts';
import type { SilverUpdated } from '../../../events/silver-updated.ts';
import { topology } from '../../../infra/topology.ts';
import { provision } from '../../../services/local/provision.ts';
import { hearEvents } from '../../../services/subscriber/examples/consumer.ts';
import { createLambda } from '../../../services/subscriber/examples/lambda.ts';
import { subscribe } from '../../../services/subscriber/examples/subscribe.ts';
import { broken, envelopeBody, exampleEvents } from '../../support/example-events.ts';
import { receive, startTestCloud, until } from '../local-cloud/test-cloud.ts';

const patternIn = (file: string) =>
  readFileSync(join(import.meta.dirname, '../../../services/subscriber/examples/patterns', file), 'utf8');
const pattern = patternIn('completed-aapl-21.json');
const { metadata, data } = exampleEvents.SilverUpdated;
const told = (key: string, changes: Partial<SilverUpdated['data']> = {}): SilverUpdated => ({
  metadata: { ...metadata, idempotencyKey: key },
  data: { ...data, ...changes },
});

async function startSubscription() {
  const { clients, cloud } = await startTestCloud();
  const { busName } = await provision(clients, topology);
  const queueUrl = await subscribe(clients, { busName, name: 'candles', pattern });
  const publishAll = async (events: readonly AnyEvent[]) => {
    const { FailedEntryCount } = await clients.eventBridge.send(
      new PutEventsCommand({
        Entries: events.map(({ detailType, detail }) => ({
          EventBusName: busName,
          Source: topology.eventSource,
          DetailType: detailType,
          Detail: JSON.stringify(detail),
        })),
      }),
    );
    expect(FailedEntryCount).toBe(0);
  };
  return {
    clients,
    queueUrl,
    endpoint: cloud.endpoint,
    busName,
    publish: (...events: SilverUpdated[]) =>
      publishAll(events.map((detail) => ({ detailType: 'SilverUpdated', detail }))),
    publishAll,
    send: (MessageBody: string) =>
      clients.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody })),
  };
}

test('the rule picks, the queue keeps, and the consumer hears each event once', async () => {
  const { clients, queueUrl, publish, send } = await startSubscription();
  await publish(
    told('one'),
    told('another interval', { interval: 8 }),
    told('forming', { completedSymbols: [] }),
    told('others', { completedSymbols: ['MSFT'] }),
    told('two'),
    told('one'),
  );
  await send(envelopeBody('SilverUpdated', broken('SilverUpdated', ['data', 'interval'], 'x')));
  await send(envelopeBody('BarsIngested', exampleEvents.BarsIngested));
  const { QueueUrl: deadLetterQueueUrl = '' } = await clients.sqs.send(
    new GetQueueUrlCommand({ QueueName: 'candles-dead-letters' }),
  );
  const heard: string[] = [];
  const stopping = new AbortController();
  const ended = hearEvents(
    { sqs: clients.sqs, queueUrl, deadLetterQueueUrl, logger: pino({ level: 'silent' }) },
    { SilverUpdated: async (event) => void heard.push(event.metadata.idempotencyKey) },
    stopping.signal,
  );
  const dead = await receive(clients, deadLetterQueueUrl, 2);
  await until(() => heard.length >= 2);
  stopping.abort();
  await ended;
  expect(heard.toSorted()).toEqual(['one', 'two']);
  const reasons = dead.map(({ MessageAttributes }) => MessageAttributes?.['PoisonReason']?.StringValue);
  expect(new Set(reasons)).toEqual(
    new Set(['SilverUpdated data.interval is "x": must be integer', 'SilverUpdated, not BarsIngested']),
  );
});

/** Five minutes pass in 300 ms. */
function hurry(): void {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  const hurried = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / 1_000));
  onTestFinished(() => hurried.mockRestore());
}

test.each([
  ['stops', 2],
  ['goes on until then, and ends as if it were done', 1],
])('a handler that is told that its time is over, and %s, is at one event at a time', async (what, times) => {
  const { clients, queueUrl, publish } = await startSubscription();
  hurry();
  await publish(told('long'), told('next'));
  const begun: string[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  let begunTooLate = 0;
  const stopping = new AbortController();
  const ended = hearEvents(
    { sqs: clients.sqs, queueUrl, deadLetterQueueUrl: queueUrl, logger: pino({ level: 'silent' }) },
    {
      async SilverUpdated({ metadata: { idempotencyKey } }, signal) {
        if (signal.aborted) begunTooLate++;
        const takesLong = idempotencyKey === 'long' && !begun.includes('long');
        begun.push(idempotencyKey);
        mostAtOnce = Math.max(mostAtOnce, ++atOnce);
        try {
          if (takesLong) await sleep(5_000, undefined, { signal });
        } catch (error) {
          if (what === 'stops') throw error;
        } finally {
          atOnce--;
        }
      },
    },
    stopping.signal,
  );
  await until(() => begun.length === times + 1);
  stopping.abort();
  await ended;
  expect({ begun: begun.toSorted(), mostAtOnce, begunTooLate }).toEqual({
    begun: [...Array<string>(times).fill('long'), 'next'],
    mostAtOnce: 1,
    begunTooLate: 0,
  });
});

test('only the rule may send to both queues, also where another policy was', async () => {
  const { clients, busName } = await startSubscription();
  const { sqs, eventBridge } = clients;
  const name = 'older';
  await sqs.send(
    new CreateQueueCommand({ QueueName: `${name}-dead-letters`, Attributes: { Policy: '{"Statement":[]}' } }),
  );
  const queueUrl = await subscribe(clients, { busName, name, pattern });
  expect(await subscribe(clients, { busName, name, pattern })).toBe(queueUrl);
  const { Arn } = await eventBridge.send(new DescribeRuleCommand({ Name: name, EventBusName: busName }));
  expect(Arn).toMatch(/:rule\/.*older$/);
  for (const QueueName of [name, `${name}-dead-letters`]) {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }),
    );
    expect(JSON.parse(Attributes?.Policy ?? '{}')).toMatchObject({
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Condition: { ArnEquals: { 'aws:SourceArn': Arn } },
      },
    });
  }
});

test('a target that EventBridge refuses is no subscription', async () => {
  const { clients, busName } = await startSubscription();
  const refused = {
    TargetId: 'mine',
    ErrorCode: 'ConcurrentModificationException',
    ErrorMessage: 'try again',
  };
  clients.eventBridge.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        if (commandName === 'PutTargetsCommand') {
          Object.assign(answer.output, { FailedEntryCount: 1, FailedEntries: [refused] });
        }
        return answer;
      },
    { step: 'initialize' },
  );
  await expect(subscribe(clients, { busName, name: 'mine', pattern })).rejects.toThrow(
    'The rule mine hears nothing: its target was refused: ConcurrentModificationException: try again',
  );
});

/** The program of the examples, once it has made its subscription. */
async function startProgram(endpoint: string, name: string, eventPattern: string) {
  const file = fileURLToPath(new URL('../../../services/subscriber/examples/main.ts', import.meta.url));
  const program = spawn(process.execPath, [file, name, eventPattern], {
    env: { PATH: process.env['PATH'], AWS_ENDPOINT_URL: endpoint },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void program.kill('SIGKILL'));
  const exited = once(program, 'exit');
  let stdout = '';
  program.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  await until(() => stdout.includes(`${name} hears {`));
  return { program, exited, stdout: () => stdout };
}

test('the program of the examples prints what its pattern lets through, until Ctrl-C', async () => {
  const { endpoint, publish } = await startSubscription();
  const { program, exited, stdout } = await startProgram(endpoint, 'printed', pattern);
  await publish(told('others', { completedSymbols: ['MSFT'] }), told('one'));
  await until(() =>
    stdout().includes(`${data.interval} days, from ${data.from}: ${data.symbols.join(' ')}\n`),
  );
  program.kill('SIGINT');
  expect(await exited).toEqual([0, null]);
  expect(stdout().trim().split('\n').at(-1)).toMatch(/^21 days/);
});

test('the program of the examples prints which jobs gave up, with the rule for them', async () => {
  const { endpoint, publishAll } = await startSubscription();
  const { stdout } = await startProgram(endpoint, 'trouble', patternIn('trouble.json'));
  await publishAll([{ detailType: 'ResampleFailed', detail: exampleEvents.ResampleFailed }]);
  await until(() => stdout().includes('gave up'));
  const { jobId, reason } = exampleEvents.ResampleFailed.data;
  expect(stdout().trim().split('\n').at(-1)).toBe(`job ${jobId} gave up: ${reason}`);
});

test('the Lambda function hears what is good, and reports the others one by one', async () => {
  const { clients, queueUrl, publish, send } = await startSubscription();
  await publish(told('one'), told('fails'));
  await send('no JSON');
  await send(envelopeBody('ResampleFailed', exampleEvents.ResampleFailed));
  const messages = await receive(clients, queueUrl, 4);
  const heard: string[] = [];
  const lambda = createLambda(async ({ detailType, detail }) => {
    if (detail.metadata.idempotencyKey === 'fails') throw new Error('the database is away');
    heard.push(`${detailType} ${detail.metadata.idempotencyKey}`);
  });
  const { batchItemFailures } = await lambda({
    Records: messages.map(({ MessageId = '', Body = '' }) => ({ messageId: MessageId, body: Body })),
  });
  expect(heard.toSorted()).toEqual([`ResampleFailed ${metadata.idempotencyKey}`, 'SilverUpdated one']);
  const failed = messages.filter(({ Body = '' }) => Body === 'no JSON' || Body.includes('"fails"'));
  expect(new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))).toEqual(
    new Set(failed.map(({ MessageId }) => MessageId)),
  );
});
