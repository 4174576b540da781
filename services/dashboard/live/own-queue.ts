import {
  DeleteRuleCommand,
  type EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { eventSource } from '../../../events/event-source.ts';

export type OwnQueueDeps = {
  readonly eventBridge: EventBridgeClient;
  readonly sqs: SQSClient;
  readonly busName: string;
};

export type OwnQueue = { readonly queueUrl: string; readonly deadLetterQueueUrl: string };

/** Of the rule, its target and the queue. One dashboard at a time has it: that of the process that runs the pipeline. */
const name = 'fibonacci-bars-dashboard';
const deadLetters = `${name}-dead-letters`;
const pattern = { source: [eventSource], 'detail-type': ['SilverUpdated'] };
/** A page that was away for longer reads everything anew. */
const retentionSeconds = 300;

/** Has each SilverUpdated from now on go to a new queue. What a process that was killed has left of it is removed first. */
export async function makeOwnQueue(deps: OwnQueueDeps): Promise<OwnQueue> {
  const { eventBridge, sqs, busName } = deps;
  await removeOwnQueue(deps);
  const dead = await createQueue(sqs, deadLetters, {});
  const queue = await createQueue(sqs, name, {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 5 }),
  });
  const rule = { Name: name, EventBusName: busName, EventPattern: JSON.stringify(pattern) };
  await eventBridge.send(new PutRuleCommand(rule));
  const target = { Id: name, Arn: queue.arn, DeadLetterConfig: { Arn: dead.arn } };
  const { FailedEntries: [refused] = [] } = await eventBridge.send(
    new PutTargetsCommand({ Rule: name, EventBusName: busName, Targets: [target] }),
  );
  if (refused)
    throw new Error(`The rule ${name} hears nothing: ${refused.ErrorCode}: ${refused.ErrorMessage}`);
  return { queueUrl: queue.url, deadLetterQueueUrl: dead.url };
}

/** Removes rule and queues, as far as they are there. */
export async function removeOwnQueue({ eventBridge, sqs, busName }: OwnQueueDeps): Promise<void> {
  const rule = { EventBusName: busName, Force: false };
  await unlessGone(() => eventBridge.send(new RemoveTargetsCommand({ ...rule, Rule: name, Ids: [name] })));
  await unlessGone(() => eventBridge.send(new DeleteRuleCommand({ ...rule, Name: name })));
  for (const QueueName of [name, deadLetters]) {
    await unlessGone(async () => {
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    });
  }
}

async function createQueue(
  sqs: SQSClient,
  QueueName: string,
  attributes: Record<string, string>,
): Promise<{ url: string; arn: string }> {
  const Attributes = { MessageRetentionPeriod: String(retentionSeconds), ...attributes };
  const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  const found = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
  );
  return { url, arn: found.Attributes?.['QueueArn'] ?? '' };
}

async function unlessGone(remove: () => Promise<unknown>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException || error instanceof QueueDoesNotExist)) throw error;
  }
}
