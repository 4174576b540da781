import { Duration, Validations } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type QueueKey, topology } from '../topology.ts';
import type { Deployment } from './deployment.ts';

export type Queues = Readonly<
  Record<QueueKey, { readonly queue: sqs.Queue; readonly deadLetters: sqs.Queue }>
> & {
  /** What rules and schedules could not deliver, by the name in the topology. */
  readonly undelivered: ReadonlyMap<string, sqs.Queue>;
  /** What the schedules could not start. */
  readonly unscheduled: sqs.Queue;
  /** Every queue that has to be empty. */
  readonly ofDeadLetters: readonly sqs.Queue[];
};

/** The queues of the topology, with both kinds of dead-letter queues, and one for the schedules. */
export function addQueues({ scope }: Deployment): Queues {
  const here = new Construct(scope, 'Queues');
  const queue = (name: string, props: sqs.QueueProps) =>
    new sqs.Queue(here, idOf(name), {
      queueName: name,
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      ...props,
    });
  const retentionPeriod = Duration.seconds(topology.deadLetterRetentionSeconds);
  const pair = (key: QueueKey) => {
    const { name, deadLetterQueue, visibilityTimeoutSeconds, retentionSeconds, maxReceiveCount } =
      topology.queues[key];
    const deadLetters = queue(deadLetterQueue, { retentionPeriod });
    return {
      deadLetters,
      queue: queue(name, {
        visibilityTimeout: Duration.seconds(visibilityTimeoutSeconds),
        retentionPeriod: Duration.seconds(retentionSeconds),
        deadLetterQueue: { queue: deadLetters, maxReceiveCount },
      }),
    };
  };
  const undeliveredQueue = (name: string) => {
    const made = queue(name, { retentionPeriod });
    Validations.of(made).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is a dead-letter queue itself: of targets of EventBridge, which the rule does not see.',
    });
    return made;
  };
  const [dispatcher, subscriber] = [pair('dispatcher'), pair('subscriber')];
  const undelivered = new Map(
    topology.rules.map(
      ({ target }) => [target.deadLetterQueue, undeliveredQueue(target.deadLetterQueue)] as const,
    ),
  );
  const unscheduled = undeliveredQueue('fibonacci-bars-schedules-undelivered');
  return {
    dispatcher,
    subscriber,
    undelivered,
    unscheduled,
    ofDeadLetters: [dispatcher.deadLetters, subscriber.deadLetters, ...undelivered.values(), unscheduled],
  };
}

/** `fibonacci-bars-job-state-undelivered` as `JobStateUndelivered`. */
function idOf(name: string): string {
  return name
    .replace(/^fibonacci-bars-/, '')
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
