import type { Topology } from '../../infra/topology.ts';
import type { AwsClients } from '../shared/aws-clients.ts';
import { provisionBatch } from './provision/provision-batch.ts';
import { provisionEvents } from './provision/provision-events.ts';
import { provisionQueues } from './provision/provision-queues.ts';
import { placeholders, type Surroundings } from './provision/surroundings.ts';

export type ProvisionDeps = Pick<AwsClients, 'eventBridge' | 'sqs' | 'batch'>;

/** What the services are told: FIBBARS_BUS, FIBBARS_QUEUE_URL, and so on. */
export type Provisioned = {
  readonly busName: string;
  readonly busArn: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly subscriberQueueUrl: string;
  readonly archiveArn: string;
  /** By rule name: StartReplay names rules by ARN. */
  readonly ruleArns: Readonly<Record<string, string>>;
  readonly jobQueue: string;
  readonly jobDefinition: string;
};

/**
 * Creates the topology at the clients' endpoint, or brings what is there to it. Safe to call again: then it changes
 * nothing but what differs. For endpoints that emulate AWS; AWS itself is given the CDK app's roles and network.
 */
export async function provision(
  deps: ProvisionDeps,
  topology: Topology,
  surroundings: Surroundings = placeholders,
): Promise<Provisioned> {
  const [queues, batch] = await Promise.all([
    provisionQueues(deps, topology),
    provisionBatch(deps, topology, surroundings),
  ]);
  const events = await provisionEvents(deps, { topology, queues, jobQueueArn: batch.jobQueueArn });
  return {
    busName: topology.bus,
    busArn: events.busArn,
    queueUrl: queues.dispatcher.url,
    deadLetterQueueUrl: queues.dispatcher.deadLetterUrl,
    subscriberQueueUrl: queues.subscriber.url,
    archiveArn: events.archiveArn,
    ruleArns: events.ruleArns,
    jobQueue: topology.batch.jobQueue.name,
    jobDefinition: topology.batch.resample.name,
  };
}
