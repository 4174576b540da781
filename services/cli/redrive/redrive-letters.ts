/**
 * Moving dead letters back. Its invariant: a letter is deleted only after the queue that it belongs in has it. Killed at any
 * point, a letter is in one of the two queues or in both, and never in none.
 *
 * All are received, and thereby hidden, before the first is moved: what breaks its contract is back within milliseconds, and
 * would be moved for ever.
 */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type DeadLetter, obituary, readDeadLetter } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queues.ts';

/**
 * After a kill, what is left is seen again after this time. Moving may take longer: a letter that is shown again meanwhile can
 * still be deleted, since nobody else receives from these queues, but another redrive.
 */
export const hiddenSeconds = 120;

/** Receives all dead letters there are, oldest first. They stay hidden from others until they are deleted or released. */
export async function receiveLetters(
  sqs: SQSClient,
  queues: readonly DeadLetterQueue[],
): Promise<DeadLetter[]> {
  const perQueue = await Promise.all(queues.map((queue) => receiveAll(sqs, queue)));
  return perQueue.flat().toSorted((a, b) => a.sentAt.getTime() - b.sentAt.getTime());
}

async function receiveAll(sqs: SQSClient, queue: DeadLetterQueue): Promise<DeadLetter[]> {
  const letters = new Map<string | undefined, DeadLetter>();
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queue.url,
        MaxNumberOfMessages: 10,
        // A receive without a wait asks only some of SQS's servers, and may find nothing where there is something.
        WaitTimeSeconds: 1,
        VisibilityTimeout: hiddenSeconds,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );
    if (Messages.length === 0) return [...letters.values()];
    for (const message of Messages) letters.set(message.MessageId, readDeadLetter(queue, message));
  }
}

/** How many letters of the queues are hidden, besides these that we have received: approximately, as SQS counts. */
export async function countHeld(
  sqs: SQSClient,
  queues: readonly DeadLetterQueue[],
  ours: readonly DeadLetter[],
): Promise<number> {
  let held = 0;
  for (const queue of queues) {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: queue.url,
        AttributeNames: ['ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    const hidden = Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0);
    held += Math.max(0, hidden - ours.filter((letter) => letter.queue === queue).length);
  }
  return held;
}

/** Sends a letter to the queue that it belongs in, as it was before it died, and then deletes it. */
export async function moveBack(sqs: SQSClient, { queue, message }: DeadLetter): Promise<void> {
  const { origin } = queue;
  if (origin.url === undefined) {
    throw new Error(`there is no queue ${origin.name}: make it again, and redrive again`);
  }
  const attributes = Object.entries(message.MessageAttributes ?? {}).filter(([name]) => !obituary.has(name));
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: origin.url,
      MessageBody: message.Body,
      MessageAttributes: Object.fromEntries(attributes),
    }),
  );
  await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: message.ReceiptHandle }));
}

/** Shows letters that are not moved to others again, as far as the queue answers; otherwise they come after a while by themselves. */
export async function release(sqs: SQSClient, letters: readonly DeadLetter[]): Promise<void> {
  for (const { queue, message } of letters) {
    await sqs
      .send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queue.url,
          ReceiptHandle: message.ReceiptHandle,
          VisibilityTimeout: 0,
        }),
      )
      .catch(() => {});
  }
}
