import { DeleteMessageCommand, type Message, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

export type DeadLetterDeps = {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
};

/** Attributes that a dead letter has besides those it came with. */
export const deadLetterAttributes = { reason: 'PoisonReason', messageId: 'PoisonMessageId' } as const;

/** SQS takes 10 attributes a message. */
const maxAttributes = 10;
/** Enough to read; attributes count towards the size of a message. */
const maxReasonLength = 1_000;

/**
 * Sends a message to the dead-letter queue as it came, with the reason as an attribute, and then deletes it.
 * A crash in between leaves it in both queues: better twice than lost.
 */
export async function deadLetter(deps: DeadLetterDeps, message: Message, reason: string): Promise<void> {
  const own = {
    [deadLetterAttributes.reason]: text(reason.slice(0, maxReasonLength) || 'no reason given'),
    [deadLetterAttributes.messageId]: text(message.MessageId ?? 'unknown'),
  };
  const original = Object.entries(message.MessageAttributes ?? {}).filter(([name]) => !(name in own));
  await deps.sqs.send(
    new SendMessageCommand({
      QueueUrl: deps.deadLetterQueueUrl,
      MessageBody: message.Body,
      MessageAttributes: {
        ...Object.fromEntries(original.slice(0, maxAttributes - Object.keys(own).length)),
        ...own,
      },
    }),
  );
  await deps.sqs.send(
    new DeleteMessageCommand({ QueueUrl: deps.queueUrl, ReceiptHandle: message.ReceiptHandle }),
  );
}

function text(StringValue: string) {
  return { DataType: 'String', StringValue };
}
