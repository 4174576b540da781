/** The guide's examples, against the local cloud. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import type { SilverUpdated } from '../../../events/silver-updated.ts';
import { topology } from '../../../infra/topology.ts';
import { provision } from '../../../services/local/provision.ts';
import { hearSilver } from '../../../services/subscriber/examples/consumer.ts';
import { createLambda } from '../../../services/subscriber/examples/lambda.ts';
import { subscribe } from '../../../services/subscriber/examples/subscribe.ts';
import { broken, envelopeBody, exampleEvents } from '../../support/example-events.ts';
import { receive, startTestCloud, until } from '../local-cloud/test-cloud.ts';

const pattern = readFileSync(
  join(import.meta.dirname, '../../../services/subscriber/examples/patterns/completed-aapl-21.json'),
  'utf8',
);
const { metadata, data } = exampleEvents.SilverUpdated;
const told = (key: string, changes: Partial<SilverUpdated['data']> = {}): SilverUpdated => ({
  metadata: { ...metadata, idempotencyKey: key },
  data: { ...data, ...changes },
});

async function startSubscription() {
  const { clients, cloud } = await startTestCloud();
  const { busName } = await provision(clients, topology);
  const queueUrl = await subscribe(clients, { busName, name: 'candles', pattern });
  return {
    clients,
    queueUrl,
    endpoint: cloud.endpoint,
    publish: async (...events: SilverUpdated[]) => {
      const { FailedEntryCount } = await clients.eventBridge.send(
        new PutEventsCommand({
          Entries: events.map((event) => ({
            EventBusName: busName,
            Source: topology.eventSource,
            DetailType: 'SilverUpdated',
            Detail: JSON.stringify(event),
          })),
        }),
      );
      expect(FailedEntryCount).toBe(0);
    },
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
  const ended = hearSilver(
    { sqs: clients.sqs, queueUrl, deadLetterQueueUrl, logger: pino({ level: 'silent' }) },
    async (event) => void heard.push(event.metadata.idempotencyKey),
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

test('the program of the examples prints what its pattern lets through, until Ctrl-C', async () => {
  const { endpoint, publish } = await startSubscription();
  const file = fileURLToPath(new URL('../../../services/subscriber/examples/main.ts', import.meta.url));
  const program = spawn(process.execPath, [file, 'printed', pattern], {
    env: { PATH: process.env['PATH'], AWS_ENDPOINT_URL: endpoint },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void program.kill('SIGKILL'));
  const exited = once(program, 'exit');
  let stdout = '';
  program.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  await until(() => stdout.includes('printed hears {'));
  await publish(told('others', { completedSymbols: ['MSFT'] }), told('one'));
  await until(() => stdout.includes(`${data.interval} days, from ${data.from}: ${data.symbols.join(' ')}\n`));
  program.kill('SIGINT');
  expect(await exited).toEqual([0, null]);
  expect(stdout.trim().split('\n').at(-1)).toMatch(/^21 days/);
});

test('the Lambda function hears what is good, and reports the others one by one', async () => {
  const { clients, queueUrl, publish, send } = await startSubscription();
  await publish(told('one'), told('fails'));
  await send('no JSON');
  const messages = await receive(clients, queueUrl, 3);
  const heard: string[] = [];
  const lambda = createLambda(async (event) => {
    if (event.metadata.idempotencyKey === 'fails') throw new Error('the database is away');
    heard.push(event.metadata.idempotencyKey);
  });
  const { batchItemFailures } = await lambda({
    Records: messages.map(({ MessageId = '', Body = '' }) => ({ messageId: MessageId, body: Body })),
  });
  expect(heard).toEqual(['one']);
  const failed = messages.filter(({ Body = '' }) => Body === 'no JSON' || Body.includes('"fails"'));
  expect(new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))).toEqual(
    new Set(failed.map(({ MessageId }) => MessageId)),
  );
});
