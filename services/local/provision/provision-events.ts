import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  DescribeArchiveCommand,
  DescribeEventBusCommand,
  type EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  ResourceAlreadyExistsException,
  UpdateArchiveCommand,
} from '@aws-sdk/client-eventbridge';
import { rulePattern } from '../../../infra/rule-pattern.ts';
import type { Rule, Topology } from '../../../infra/topology.ts';
import type { ProvisionedQueues } from './provision-queues.ts';

export type ProvisionedEvents = {
  readonly busArn: string;
  readonly archiveArn: string;
  readonly ruleArns: Readonly<Record<string, string>>;
};

export type EventsToProvision = {
  readonly topology: Topology;
  readonly queues: ProvisionedQueues;
  readonly jobQueueArn: string;
};

/** Creates the bus, its archive, and the rules with their targets. */
export async function provisionEvents(
  { eventBridge }: { eventBridge: EventBridgeClient },
  { topology, queues, jobQueueArn }: EventsToProvision,
): Promise<ProvisionedEvents> {
  await unlessThere(() => eventBridge.send(new CreateEventBusCommand({ Name: topology.bus })));
  const { Arn: busArn = '' } = await eventBridge.send(new DescribeEventBusCommand({ Name: topology.bus }));
  const archiveArn = await ensureArchive(eventBridge, topology, busArn);

  async function ensureRule(rule: Rule): Promise<[string, string]> {
    const bus = rule.bus === 'default' ? 'default' : topology.bus;
    const { RuleArn = '' } = await eventBridge.send(
      new PutRuleCommand({
        Name: rule.name,
        EventBusName: bus,
        Description: rule.description,
        EventPattern: JSON.stringify(rulePattern(rule, { jobQueueArn })),
        State: 'ENABLED',
      }),
    );
    const { retryPolicy, deadLetterQueue, queue } = rule.target;
    const { FailedEntries } = await eventBridge.send(
      new PutTargetsCommand({
        Rule: rule.name,
        EventBusName: bus,
        Targets: [
          {
            Id: queue,
            Arn: queues[queue].arn,
            RetryPolicy: {
              MaximumRetryAttempts: retryPolicy.maximumRetryAttempts,
              MaximumEventAgeInSeconds: retryPolicy.maximumEventAgeSeconds,
            },
            DeadLetterConfig: { Arn: queues.undeliveredArns[deadLetterQueue] },
          },
        ],
      }),
    );
    const failed = FailedEntries?.[0];
    if (failed)
      throw new Error(
        `The target of rule ${rule.name} was refused: ${failed.ErrorCode}: ${failed.ErrorMessage}`,
      );
    return [rule.name, RuleArn];
  }

  return {
    busArn,
    archiveArn,
    ruleArns: Object.fromEntries(await Promise.all(topology.rules.map(ensureRule))),
  };
}

async function ensureArchive(
  eventBridge: EventBridgeClient,
  topology: Topology,
  busArn: string,
): Promise<string> {
  const archive = {
    ArchiveName: topology.archive.name,
    Description: topology.archive.description,
    RetentionDays: topology.archive.retentionDays,
  };
  const created = await unlessThere(() =>
    eventBridge.send(new CreateArchiveCommand({ ...archive, EventSourceArn: busArn })),
  );
  if (created?.ArchiveArn) return created.ArchiveArn;
  const found = await eventBridge.send(new DescribeArchiveCommand({ ArchiveName: archive.ArchiveName }));
  if (found.RetentionDays !== archive.RetentionDays)
    await eventBridge.send(new UpdateArchiveCommand(archive));
  return found.ArchiveArn ?? '';
}

async function unlessThere<T>(create: () => Promise<T>): Promise<T | undefined> {
  try {
    return await create();
  } catch (error) {
    if (error instanceof ResourceAlreadyExistsException) return undefined;
    throw error;
  }
}
