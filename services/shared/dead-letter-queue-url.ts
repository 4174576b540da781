import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';

/**
 * The URL of the queue that the redrive policy names.
 * @throws {Error} if the queue has none: a message that breaks its contract would have nowhere to go.
 */
export async function deadLetterQueueUrlOf(sqs: SQSClient, queueUrl: string): Promise<string> {
  const name = await deadLetterQueueNameOf(sqs, queueUrl);
  if (!name) throw new Error(`The queue ${queueUrl} has no dead-letter queue: give it a redrive policy`);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
  return QueueUrl ?? '';
}

/** The name of the queue that the redrive policy names, which may be gone; undefined: the queue has no such policy. */
export async function deadLetterQueueNameOf(sqs: SQSClient, queueUrl: string): Promise<string | undefined> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['RedrivePolicy'] }),
  );
  const policy = JSON.parse(Attributes?.RedrivePolicy ?? '{}') as { deadLetterTargetArn?: string };
  return policy.deadLetterTargetArn?.split(':').at(-1);
}
