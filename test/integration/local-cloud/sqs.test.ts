import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { clientsFor, newDirectory, receive, startTestCloud, type TestCloud } from './test-cloud.ts';

async function newQueue(
  { clients }: TestCloud,
  name: string,
  attributes: Record<string, string> = {},
): Promise<string> {
  const { QueueUrl = '' } = await clients.sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
  );
  return QueueUrl;
}

test('queue URLs lead back to the one port, also after a restart on another', async () => {
  const directory = newDirectory();
  const before = await startTestCloud({ directory });
  expect(await newQueue(before, 'q')).toBe(`${before.cloud.endpoint}/000000000000/q`);
  await before.cloud.close();
  const after = await startTestCloud({ directory });
  const { QueueUrl } = await after.clients.sqs.send(new GetQueueUrlCommand({ QueueName: 'q' }));
  expect(QueueUrl).toBe(`${after.cloud.endpoint}/000000000000/q`);
});

test('a long poll returns as soon as a message comes', async () => {
  const rig = await startTestCloud();
  const QueueUrl = await newQueue(rig, 'q');
  const started = Date.now();
  const polling = receive(rig.clients, QueueUrl, 1);
  setTimeout(() => void rig.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'here' })), 300);
  expect((await polling)[0]?.Body).toBe('here');
  expect(Date.now() - started).toBeGreaterThanOrEqual(250);
  expect(Date.now() - started).toBeLessThan(3_000);
});

test('a poll whose caller has hung up takes no message', async () => {
  const rig = await startTestCloud();
  const QueueUrl = await newQueue(rig, 'q', { VisibilityTimeout: '30' });
  const hangUp = new AbortController();
  const polling = rig.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
    abortSignal: hangUp.signal,
  });
  setTimeout(() => hangUp.abort(), 200);
  await expect(polling).rejects.toThrow('abort');
  await rig.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'still here' }));
  expect((await receive(rig.clients, QueueUrl, 1))[0]?.Body).toBe('still here');
});

test('a message that is never deleted goes to the dead-letter queue after its receives', async () => {
  const rig = await startTestCloud();
  const deadLetters = await newQueue(rig, 'dead');
  const { Attributes } = await rig.clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetters, AttributeNames: ['QueueArn'] }),
  );
  const QueueUrl = await newQueue(rig, 'q', {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 2 }),
  });
  await rig.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
  for (let attempt = 1; attempt <= 2; attempt++) {
    const [message] = await receive(rig.clients, QueueUrl, 1);
    expect(message?.Attributes?.ApproximateReceiveCount).toBe(String(attempt));
    await rig.clients.sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl,
        ReceiptHandle: message?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
  }
  expect((await rig.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toBeUndefined();
  expect((await receive(rig.clients, deadLetters, 1))[0]?.Body).toBe('poison');
  expect(rig.cloud.pending().messages).toEqual({ q: 0 });
  expect(rig.cloud.isIdle()).toBe(true);
});

test('what was sent, received and given back is there after a restart', async () => {
  const directory = newDirectory();
  const before = await startTestCloud({ directory });
  const QueueUrl = await newQueue(before, 'q', { VisibilityTimeout: '1' });
  await before.clients.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: ['a', 'b', 'c', 'd'].map((body) => ({ Id: body, MessageBody: body })),
    }),
  );
  const [first, second] = await receive(before.clients, QueueUrl, 4);
  await before.clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
  await before.clients.sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl,
      ReceiptHandle: second?.ReceiptHandle,
      VisibilityTimeout: 0,
    }),
  );
  expect(before.cloud.isIdle()).toBe(false);
  await before.cloud.close();
  const after = await startTestCloud({ directory });
  const afterUrl = `${after.cloud.endpoint}/000000000000/q`;
  const bodies: (string | undefined)[] = [];
  for (let count = 1; count <= 3; count++) {
    const [message] = await receive(after.clients, afterUrl, 1);
    bodies.push(message?.Body);
    await after.clients.sqs.send(
      new DeleteMessageCommand({ QueueUrl: afterUrl, ReceiptHandle: message?.ReceiptHandle }),
    );
  }
  expect(new Set(bodies)).toEqual(new Set(['b', 'c', 'd']));
});

test.each([
  [true, ['on loan']],
  [false, []],
])(
  'with receivers that are gone: %s, a message on loan is visible after a restart: %j',
  async (receiversAreGone, expected) => {
    const directory = newDirectory();
    const before = await startTestCloud({ directory });
    const QueueUrl = await newQueue(before, 'q', { VisibilityTimeout: '600' });
    await before.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'on loan' }));
    expect(await receive(before.clients, QueueUrl, 1)).toHaveLength(1);
    await before.cloud.close();
    const after = await startTestCloud({ directory, receiversAreGone });
    expect(after.cloud.pending().messages).toEqual({ q: 1 });
    const { Messages = [] } = await after.clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: `${after.cloud.endpoint}/000000000000/q` }),
    );
    expect(Messages.map(({ Body }) => Body)).toEqual(expected);
  },
);

test('errors are the exceptions that an SDK knows', async () => {
  const rig = await startTestCloud();
  const QueueUrl = `${rig.cloud.endpoint}/000000000000/none`;
  await expect(rig.clients.sqs.send(new ReceiveMessageCommand({ QueueUrl }))).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
  });
  await expect(
    rig.clients.sqs.send(
      new StartMessageMoveTaskCommand({ SourceArn: 'arn:aws:sqs:us-east-1:000000000000:q' }),
    ),
  ).rejects.toThrow('StartMessageMoveTask');
});

test('a second local cloud on the folder, or on the port, says so', async () => {
  const rig = await startTestCloud();
  await expect(startTestCloud({ directory: rig.directory })).rejects.toThrow('in use by another local cloud');
  await expect(startTestCloud({ port: rig.cloud.port })).rejects.toThrow(`Port ${rig.cloud.port}`);
  expect(clientsFor(rig.cloud.endpoint)).toBeDefined();
});
