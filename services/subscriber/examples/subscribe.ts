import { type EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

export type Subscription = {
  readonly busName: string;
  /** Of the rule and of the queue. */
  readonly name: string;
  /** An event pattern as JSON text. */
  readonly pattern: string;
};

/** Has the events that match go to a queue of your own, with a dead-letter queue behind it. Returns the queue's URL. */
export async function subscribe(
  { eventBridge, sqs }: { eventBridge: EventBridgeClient; sqs: SQSClient },
  { busName, name, pattern }: Subscription,
): Promise<string> {
  const deadLetters = await createQueue(sqs, `${name}-dead-letters`);
  const redrive = { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 5 };
  const queue = await createQueue(sqs, name, {
    RedrivePolicy: JSON.stringify(redrive),
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: '*',
      },
    }),
  });
  await eventBridge.send(new PutRuleCommand({ Name: name, EventBusName: busName, EventPattern: pattern }));
  const target = { Id: name, Arn: queue.arn, DeadLetterConfig: { Arn: deadLetters.arn } };
  await eventBridge.send(new PutTargetsCommand({ Rule: name, EventBusName: busName, Targets: [target] }));
  return queue.url;
}

async function createQueue(sqs: SQSClient, name: string, attributes: Record<string, string> = {}) {
  const { QueueUrl: url = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
  );
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
  );
  return { url, arn: Attributes?.QueueArn ?? '' };
}
