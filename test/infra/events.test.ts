/** Bus, archive, rules and queues of the template. */
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { settings } from '../../infra/settings.ts';
import { topology } from '../../infra/topology.ts';
import { arnOf, asking, createTestApp } from './template.ts';

type Properties = Record<string, unknown>;

const { stack } = createTestApp({ settings });
const template = Template.fromStack(stack);
const { properties, only, idOf, queueId } = asking(template);

test('the bus has an archive', () => {
  expect(only('AWS::Events::EventBus')).toMatchObject({ Name: topology.bus });
  expect(only('AWS::Events::Archive')).toMatchObject({
    ArchiveName: topology.archive.name,
    RetentionDays: topology.archive.retentionDays,
    SourceArn: arnOf(idOf('AWS::Events::EventBus', {})),
  });
});

test.each(topology.rules.map((rule) => [rule.name, rule] as const))(
  'rule %s has its target, its retries, and a dead-letter queue that is not that of the queue',
  (Name, { bus, target }) => {
    const queue = topology.queues[target.queue];
    expect(target.deadLetterQueue).not.toBe(queue.deadLetterQueue);
    const ruleId = idOf('AWS::Events::Rule', { Name });
    const { Properties } = template.findResources('AWS::Events::Rule')[ruleId] as {
      Properties: Properties;
    };
    expect(Properties).toMatchObject({
      State: 'ENABLED',
      EventBusName: bus === 'default' ? 'default' : { Ref: expect.stringContaining('Bus') },
      Targets: [
        {
          Arn: arnOf(queueId(queue.name)),
          RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
          DeadLetterConfig: { Arn: arnOf(queueId(target.deadLetterQueue)) },
        },
      ],
    });
    for (const name of [queue.name, target.deadLetterQueue]) {
      const policy = idOf('AWS::SQS::QueuePolicy', { Queues: [{ Ref: queueId(name) }] });
      const { PolicyDocument } = template.findResources('AWS::SQS::QueuePolicy')[policy]!['Properties'] as {
        PolicyDocument: { Statement: object[] };
      };
      expect(PolicyDocument.Statement).toContainEqual({
        Effect: 'Allow',
        Action: 'sqs:SendMessage',
        Principal: { Service: 'events.amazonaws.com' },
        Resource: arnOf(queueId(name)),
        Condition: { ArnEquals: { 'aws:SourceArn': arnOf(ruleId) } },
      });
    }
  },
);

test('the state of jobs is heard on the default bus, of this queue of jobs alone', () => {
  const rule = idOf('AWS::Events::Rule', { EventBusName: 'default' });
  expect(template.findResources('AWS::Events::Rule')[rule]?.['Properties']).toMatchObject({
    EventPattern: {
      source: ['aws.batch'],
      'detail-type': ['Batch Job State Change'],
      detail: {
        jobQueue: [{ Ref: idOf('AWS::Batch::JobQueue', {}) }],
        status: ['FAILED', 'SUCCEEDED'],
      },
    },
  });
});

test.each(Object.values(topology.queues).map((queue) => [queue.name, queue] as const))(
  'queue %s is as the topology has it, and takes nothing that is not encrypted',
  (name, queue) => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: name,
      VisibilityTimeout: queue.visibilityTimeoutSeconds,
      MessageRetentionPeriod: queue.retentionSeconds,
      RedrivePolicy: {
        maxReceiveCount: queue.maxReceiveCount,
        deadLetterTargetArn: arnOf(queueId(queue.deadLetterQueue)),
      },
    });
    for (const each of properties('AWS::SQS::Queue'))
      expect(each).toMatchObject({ SqsManagedSseEnabled: true });
    expect(properties('AWS::SQS::QueuePolicy')).toHaveLength(properties('AWS::SQS::Queue').length);
    for (const { PolicyDocument } of properties('AWS::SQS::QueuePolicy')) {
      expect(PolicyDocument).toMatchObject({
        Statement: expect.arrayContaining([
          expect.objectContaining({
            Effect: 'Deny',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      });
    }
  },
);
