import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type QueueKey, topology } from '../../../infra/topology.ts';
import { deadLetterQueueNameOf } from '../../shared/dead-letter-queue-url.ts';

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

export type PipelineQueues = {
  readonly origins: Readonly<Record<QueueKey, Queue>>;
  /** Of both kinds: those that are there. */
  readonly deadLetterQueues: readonly DeadLetterQueue[];
  /** Names of the queues of the pipeline, with or without dead letters, that are not there. */
  readonly missing: readonly string[];
};

/** The queues of the pipeline. One that the endpoint lacks hides none of the others. */
export async function findQueues(sqs: SQSClient, names: QueueNames): Promise<PipelineQueues> {
  const origins: Record<QueueKey, Queue> = {
    dispatcher: await findQueue(sqs, topology.queues.dispatcher.name, names.queueUrl),
    subscriber: await findQueue(sqs, topology.queues.subscriber.name),
  };
  const deadLetterQueues: DeadLetterQueue[] = [];
  const missing = Object.values(origins).flatMap(({ name, url }) => (url === undefined ? [name] : []));
  const add = ({ name, url }: Queue, kind: DeadLetterQueue['kind'], origin: Queue) => {
    if (url === undefined) missing.push(name);
    else deadLetterQueues.push({ name, url, kind, origin });
  };
  for (const key of ['dispatcher', 'subscriber'] as const) {
    const origin = origins[key];
    // Letters outlive the queue that they belong in, and then only the topology knows where they are.
    const name = origin.url === undefined ? undefined : await deadLetterQueueNameOf(sqs, origin.url);
    const named = key === 'dispatcher' ? names.deadLetterQueueUrl : undefined;
    add(await findQueue(sqs, name ?? topology.queues[key].deadLetterQueue, named), 'failed', origin);
  }
  for (const { target } of topology.rules) {
    add(await findQueue(sqs, target.deadLetterQueue), 'undelivered', origins[target.queue]);
  }
  return { origins, deadLetterQueues, missing };
}

/** What to do where queues are missing. */
export function describeMissing(missing: readonly string[]): string {
  return `${missing.join(', ')}: \`fibbars up\`, started anew, makes it again, and \`fibbars cloud-init\` does at AWS_ENDPOINT_URL; on AWS create it by that name`;
}

/** @param url of a queue that is not named as in the topology. */
async function findQueue(sqs: SQSClient, name: string, url?: string): Promise<Queue> {
  try {
    if (url === undefined) {
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
      return { name, url: QueueUrl };
    }
    await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }));
    return { name: nameIn(url), url };
  } catch (error) {
    if (error instanceof QueueDoesNotExist)
      return { name: url === undefined ? name : nameIn(url), url: undefined };
    throw error;
  }
}

function nameIn(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
