import { GetQueueUrlCommand, QueueDoesNotExist, type SQSClient } from '@aws-sdk/client-sqs';
import { type QueueKey, topology } from '../../../infra/topology.ts';
import { deadLetterQueueUrlOf } from '../../shared/dead-letter-queue-url.ts';

export type DeadLetterQueue = {
  readonly name: string;
  readonly url: string;
  /**
   * failed: a queue's own, which takes messages that their consumer could not handle. undelivered: that of a rule's target,
   * which takes events that EventBridge could not deliver to the queue.
   */
  readonly kind: 'failed' | 'undelivered';
  /** The queue that its messages belong in. */
  readonly origin: Queue;
};

export type Queue = {
  readonly name: string;
  /** undefined: there is no such queue now. */
  readonly url: string | undefined;
};

/** Queues at an endpoint that are not named as in the topology. */
export type QueueNames = {
  readonly queueUrl: string | undefined;
  readonly deadLetterQueueUrl: string | undefined;
};

/** The dead-letter queues of the pipeline, of both kinds; those that the endpoint lacks are left out. */
export async function findDeadLetterQueues(sqs: SQSClient, names: QueueNames): Promise<DeadLetterQueue[]> {
  const origins: Record<QueueKey, Queue> = {
    dispatcher: await findQueue(sqs, topology.queues.dispatcher.name, names.queueUrl),
    subscriber: await findQueue(sqs, topology.queues.subscriber.name),
  };
  const found: DeadLetterQueue[] = [];
  for (const key of ['dispatcher', 'subscriber'] as const) {
    const origin = origins[key];
    if (origin.url === undefined) continue;
    const named = key === 'dispatcher' ? names.deadLetterQueueUrl : undefined;
    const url = named ?? (await deadLetterQueueUrlOf(sqs, origin.url));
    found.push({ name: nameIn(url), url, kind: 'failed', origin });
  }
  for (const { target } of topology.rules) {
    const { name, url } = await findQueue(sqs, target.deadLetterQueue);
    if (url !== undefined) found.push({ name, url, kind: 'undelivered', origin: origins[target.queue] });
  }
  return found;
}

/** @param url of a queue that is not named as in the topology. */
export async function findQueue(sqs: SQSClient, name: string, url?: string): Promise<Queue> {
  if (url !== undefined) return { name: nameIn(url), url };
  try {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    return { name, url: QueueUrl };
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return { name, url: undefined };
    throw error;
  }
}

function nameIn(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
