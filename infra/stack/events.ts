import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { rulePattern } from '../rule-pattern.ts';
import { topology } from '../topology.ts';
import type { Deployment } from './deployment.ts';
import type { Queues } from './queues.ts';

export type Events = {
  readonly busName: string;
  readonly busArn: string;
  readonly archiveArn: string;
  /** Of the rules on this bus. */
  readonly ruleArns: readonly string[];
};

/** The bus and its archive. */
export function addBus({ scope, settings }: Deployment): Events {
  const here = new Construct(scope, 'Events');
  const bus = new events.CfnEventBus(here, 'Bus', { name: topology.bus });
  const archive = new events.CfnArchive(here, 'Archive', {
    archiveName: topology.archive.name,
    description: topology.archive.description,
    sourceArn: bus.attrArn,
    retentionDays: settings.retention.archiveDays,
  });
  const { region, account } = Stack.of(here);
  return {
    busName: bus.ref,
    busArn: bus.attrArn,
    archiveArn: archive.attrArn,
    // By their names, since who may look at them is needed by what they lead to.
    ruleArns: topology.rules
      .filter((rule) => rule.bus === 'pipeline')
      .map(({ name }) => `arn:aws:events:${region}:${account}:rule/${topology.bus}/${name}`),
  };
}

/** The rules, each with its target, the target's retries and its dead-letter queue. */
export function addRules(
  { scope }: Deployment,
  { bus, queues, jobQueueArn }: { bus: Events; queues: Queues; jobQueueArn: string },
): void {
  const here = new Construct(scope, 'Rules');
  for (const rule of topology.rules) {
    const { queue: key, retryPolicy, deadLetterQueue } = rule.target;
    const [target, undelivered] = [queues[key].queue, queues.undelivered.get(deadLetterQueue)];
    if (undelivered === undefined) throw new Error(`No queue is named ${deadLetterQueue}`);
    const made = new events.CfnRule(here, rule.name, {
      name: rule.name,
      description: rule.description,
      eventBusName: rule.bus === 'default' ? 'default' : bus.busName,
      eventPattern: rulePattern(rule, { jobQueueArn }),
      state: 'ENABLED',
      targets: [
        {
          id: key,
          arn: target.queueArn,
          retryPolicy: {
            maximumRetryAttempts: retryPolicy.maximumRetryAttempts,
            maximumEventAgeInSeconds: retryPolicy.maximumEventAgeSeconds,
          },
          deadLetterConfig: { arn: undelivered.queueArn },
        },
      ],
    });
    for (const queue of [target, undelivered]) letSend(queue, made.attrArn);
  }
}

function letSend(queue: Queue, ruleArn: string): void {
  queue.addToResourcePolicy(
    new iam.PolicyStatement({
      actions: ['sqs:SendMessage'],
      principals: [new iam.ServicePrincipal('events.amazonaws.com')],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': ruleArn } },
    }),
  );
}
