import { DescribeJobDefinitionsCommand } from '@aws-sdk/client-batch';
import {
  DescribeArchiveCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
} from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { topology } from '../../../infra/topology.ts';
import { provision } from '../../../services/local/provision.ts';
import { receive, startTestCloud } from './test-cloud.ts';

test('the topology is created as it is written down', async () => {
  const { clients } = await startTestCloud();
  const made = await provision(clients, topology);
  expect(made).toMatchObject({
    busName: 'fibonacci-bars',
    jobQueue: 'fibonacci-bars',
    jobDefinition: 'fibonacci-bars-resample',
  });
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: made.queueUrl, AttributeNames: ['All'] }),
  );
  expect(Attributes).toMatchObject({ VisibilityTimeout: '60' });
  expect(JSON.parse(Attributes?.RedrivePolicy ?? '')).toMatchObject({ maxReceiveCount: 5 });
  expect(Attributes?.Policy).toContain('events.amazonaws.com');
  const { Targets } = await clients.eventBridge.send(
    new ListTargetsByRuleCommand({ Rule: 'bars-ingested', EventBusName: made.busName }),
  );
  expect(Targets).toMatchObject([
    {
      RetryPolicy: { MaximumRetryAttempts: 185 },
      DeadLetterConfig: { Arn: expect.stringContaining('undelivered') },
    },
  ]);
  const archive = await clients.eventBridge.send(
    new DescribeArchiveCommand({ ArchiveName: topology.archive.name }),
  );
  expect(archive).toMatchObject({ RetentionDays: topology.archive.retentionDays, State: 'ENABLED' });
});

test('a second time it changes nothing, and what differs is brought in line', async () => {
  const { clients } = await startTestCloud();
  const revisions = async () => {
    const { jobDefinitions } = await clients.batch.send(
      new DescribeJobDefinitionsCommand({ jobDefinitionName: topology.batch.resample.name }),
    );
    return jobDefinitions?.length;
  };
  const first = await provision(clients, topology);
  expect(await provision(clients, topology)).toEqual(first);
  expect(await revisions()).toBe(1);
  const { batch, queues } = topology;
  await provision(clients, {
    ...topology,
    archive: { ...topology.archive, retentionDays: 7 },
    queues: { ...queues, dispatcher: { ...queues.dispatcher, visibilityTimeoutSeconds: 90 } },
    batch: { ...batch, resample: { ...batch.resample, attempts: 2 } },
  });
  expect(await revisions()).toBe(2);
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: first.queueUrl, AttributeNames: ['VisibilityTimeout'] }),
  );
  expect(Attributes).toEqual({ VisibilityTimeout: '90' });
  const archive = await clients.eventBridge.send(
    new DescribeArchiveCommand({ ArchiveName: topology.archive.name }),
  );
  expect(archive.RetentionDays).toBe(7);
});

test('events find their way by the rules of the topology', async () => {
  const { clients } = await startTestCloud();
  const made = await provision(clients, topology);
  const entry = (DetailType: string, data: object) => ({
    EventBusName: made.busName,
    Source: topology.eventSource,
    DetailType,
    Detail: JSON.stringify({ metadata: {}, data }),
  });
  await clients.eventBridge.send(
    new PutEventsCommand({
      Entries: [
        entry('BarsIngested', {}),
        entry('BarsRestated', {}),
        entry('SilverUpdated', { interval: 21, completedSymbols: ['AAPL'] }),
        entry('SilverUpdated', { interval: 21, completedSymbols: [] }),
        entry('ResampleFailed', {}),
      ],
    }),
  );
  expect(await receive(clients, made.queueUrl, 2)).toHaveLength(2);
  expect(await receive(clients, made.subscriberQueueUrl, 1)).toHaveLength(1);
});
