import { type EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueNameExists,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

export type Subscription = {
  readonly busName: string;
  /** Of the rule and of the queue. */
  readonly name: string;
  /** An event pattern as JSON text. */
  readonly pattern: string;
};

/**
 * Has the events that match go to a queue of your own, with a dead-letter queue behind it, and returns the queue's URL. Safe to
 * repeat, also with another pattern.
 * @throws {Error} if EventBridge refuses the target.
 */
export async function subscribe(
  { eventBridge, sqs }: { eventBridge: EventBridgeClient; sqs: SQSClient },
  { busName, name, pattern }: Subscription,
): Promise<string> {
  const rule = { Name: name, EventBusName: busName, EventPattern: pattern };
  const { RuleArn: ruleArn = '' } = await eventBridge.send(new PutRuleCommand(rule));
  // Without it, at AWS, EventBridge can neither deliver an event nor keep one that it could not deliver.
  const Policy = letRuleSend(ruleArn);
  const deadLetters = await createQueue(sqs, `${name}-dead-letters`, { Policy });
  const redrive = { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 5 };
  const queue = await createQueue(sqs, name, { RedrivePolicy: JSON.stringify(redrive), Policy });
  const target = { Id: name, Arn: queue.arn, DeadLetterConfig: { Arn: deadLetters.arn } };
  const { FailedEntries: [refused] = [] } = await eventBridge.send(
    new PutTargetsCommand({ Rule: name, EventBusName: busName, Targets: [target] }),
  );
  if (refused) {
    const { ErrorCode, ErrorMessage } = refused;
    throw new Error(`The rule ${name} hears nothing: its target was refused: ${ErrorCode}: ${ErrorMessage}`);
  }
  return queue.url;
}

/** A queue's policy is about that queue alone, whatever its `Resource`. */
function letRuleSend(ruleArn: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: '*',
      Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
    },
  });
}

async function createQueue(sqs: SQSClient, QueueName: string, attributes: Record<string, string>) {
  const create = new CreateQueueCommand({ QueueName, Attributes: attributes });
  const { QueueUrl: url = '' } = await sqs.send(create).catch(async (error: unknown) => {
    if (!(error instanceof QueueNameExists)) throw error;
    // It is there with other attributes.
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: attributes }));
    return { QueueUrl };
  });
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
  );
  return { url, arn: Attributes?.QueueArn ?? '' };
}
