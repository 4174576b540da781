import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Queue, QueueKey, Topology } from '../../../infra/topology.ts';

export type ProvisionedQueue = { readonly url: string; readonly arn: string; readonly deadLetterUrl: string };
export type ProvisionedQueues = Readonly<Record<QueueKey, ProvisionedQueue>> & {
  /** Of the queues that take what rules could not deliver, by name. */
  readonly undeliveredArns: Readonly<Record<string, string>>;
};

/** Creates the queues, those of dead letters first. */
export async function provisionQueues(
  { sqs }: { sqs: SQSClient },
  topology: Topology,
): Promise<ProvisionedQueues> {
  const retention = { MessageRetentionPeriod: String(topology.deadLetterRetentionSeconds) };
  const undelivered = await Promise.all(
    topology.rules.map(async ({ target: { deadLetterQueue } }) => {
      const { arn } = await ensureQueue(sqs, deadLetterQueue, (own) => ({
        ...retention,
        Policy: letEventBridgeSend(own),
      }));
      return [deadLetterQueue, arn] as const;
    }),
  );
  const ensure = async (queue: Queue): Promise<ProvisionedQueue> => {
    const deadLetters = await ensureQueue(sqs, queue.deadLetterQueue, () => retention);
    const { url, arn } = await ensureQueue(sqs, queue.name, (own) => ({
      VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
      MessageRetentionPeriod: String(queue.retentionSeconds),
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: deadLetters.arn,
        maxReceiveCount: queue.maxReceiveCount,
      }),
      Policy: letEventBridgeSend(own),
    }));
    return { url, arn, deadLetterUrl: deadLetters.url };
  };
  const [dispatcher, subscriber] = await Promise.all([
    ensure(topology.queues.dispatcher),
    ensure(topology.queues.subscriber),
  ]);
  return { dispatcher, subscriber, undeliveredArns: Object.fromEntries(undelivered) };
}

/** Attributes are set after: CreateQueue refuses a queue that is there with others. */
async function ensureQueue(
  sqs: SQSClient,
  name: string,
  attributes: (arn: string) => Record<string, string>,
): Promise<{ url: string; arn: string }> {
  const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes: found } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
  );
  const arn = found?.QueueArn ?? '';
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributes(arn) }));
  return { url, arn };
}

function letEventBridgeSend(queueArn: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
      },
    ],
  });
}
