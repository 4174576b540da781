/** A message that dies and comes back, over the wire: with each attribute that it had. */
import {
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDeadLetter } from '../../../services/cli/redrive/dead-letter.ts';
import { moveBack } from '../../../services/cli/redrive/redrive-letters.ts';
import { deadLetter } from '../../../services/shared/dead-letter.ts';
import { startTestQueues, type TestQueues } from '../../support/test-queues.ts';

let queues: TestQueues;
beforeAll(async () => {
  queues = await startTestQueues();
});
afterAll(() => queues.close());

async function receive(QueueUrl: string): Promise<Message> {
  const { Messages = [] } = await queues.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'], WaitTimeSeconds: 1 }),
  );
  expect(Messages).toHaveLength(1);
  return Messages[0] ?? {};
}

const ofCount = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at): [string, MessageAttributeValue] => [
      `a${at}`,
      at % 2 === 0
        ? { DataType: 'Number.price', StringValue: `${at}.50` }
        : { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255, at) },
    ]),
  );

test.each([0, 1, 8, 9, 10])(
  'one of %i attributes comes back with them, also the second time',
  async (count) => {
    const { queueUrl, deadLetterQueueUrl } = queues.create();
    const { sqs } = queues;
    const attributes = ofCount(count);
    await sqs.send(
      new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'x', MessageAttributes: attributes }),
    );
    for (const reason of ['the first', 'the second']) {
      await deadLetter({ sqs, queueUrl, deadLetterQueueUrl }, await receive(queueUrl), reason);
      const letter = readDeadLetter(
        { name: 'dead', url: deadLetterQueueUrl, kind: 'failed', origin: { name: 'queue', url: queueUrl } },
        await receive(deadLetterQueueUrl),
      );
      expect(letter).toMatchObject({ reason, poison: true });
      await moveBack(sqs, letter);
    }
    expect((await receive(queueUrl)).MessageAttributes ?? {}).toEqual(attributes);
  },
);

test('a dead letter that somebody moved back with its reason dies of the next one', async () => {
  const { queueUrl, deadLetterQueueUrl } = queues.create();
  const { sqs } = queues;
  const attributes = ofCount(10);
  await sqs.send(
    new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'x', MessageAttributes: attributes }),
  );
  await deadLetter({ sqs, queueUrl, deadLetterQueueUrl }, await receive(queueUrl), 'the first');
  // As the console's redrive does, which takes messages as they are.
  const moved = { queueUrl: deadLetterQueueUrl, deadLetterQueueUrl: queueUrl };
  await deadLetter({ sqs, ...moved }, await receive(deadLetterQueueUrl), 'the second');
  const queue = { name: 'dead', url: queueUrl, kind: 'failed', origin: { name: '', url: '' } } as const;
  const letter = readDeadLetter(queue, await receive(queueUrl));
  expect(letter.reason).toBe('the second');
  expect(letter.message.MessageAttributes).toEqual(attributes);
});
