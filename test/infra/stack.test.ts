/** What the template must say, and what it must not; not a snapshot. */
import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { describe, expect, test } from 'vitest';
import { settings } from '../../infra/settings.ts';
import { topology } from '../../infra/topology.ts';
import { createTestApp, findingsOf, resourcesOf, suppressionsOf } from './template.ts';

type Properties = Record<string, unknown>;

const { app, stack } = createTestApp({ settings });
const template = Template.fromStack(stack);
const properties = (type: string) => resourcesOf(template, type).map(([, { Properties }]) => Properties);
const only = (type: string): Properties => {
  const found = properties(type);
  expect(found).toHaveLength(1);
  return found[0]!;
};
const idOf = (type: string, of: Properties) => {
  const found = Object.keys(template.findResources(type, { Properties: Match.objectLike(of) }));
  expect(found).toHaveLength(1);
  return found[0]!;
};
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const queueId = (QueueName: string) => idOf('AWS::SQS::Queue', { QueueName });

describe('the database', () => {
  test('pauses, signs in by IAM over TLS, keeps 7 days, is encrypted, and is not deleted by accident', () => {
    template.hasResource('AWS::RDS::DBCluster', {
      DeletionPolicy: 'Snapshot',
      UpdateReplacePolicy: 'Snapshot',
      Properties: Match.objectLike({
        Engine: 'aurora-postgresql',
        ServerlessV2ScalingConfiguration: { MinCapacity: 0, MaxCapacity: 4, SecondsUntilAutoPause: 300 },
        EnableIAMDatabaseAuthentication: true,
        ManageMasterUserPassword: true,
        MasterUserPassword: Match.absent(),
        BackupRetentionPeriod: 7,
        DeletionProtection: true,
        StorageEncrypted: true,
      }),
    });
    expect(only('AWS::RDS::DBClusterParameterGroup')).toMatchObject({ Parameters: { 'rds.force_ssl': '1' } });
    expect(only('AWS::RDS::DBInstance')).toMatchObject({
      DBInstanceClass: 'db.serverless',
      PubliclyAccessible: false,
      CACertificateIdentifier: 'rds-ca-rsa2048-g1',
    });
  });

  test('is reached by the tasks alone, from subnets without a way out', () => {
    expect(properties('AWS::EC2::SecurityGroupIngress')).toMatchObject([
      {
        FromPort: 5432,
        ToPort: 5432,
        GroupId: { 'Fn::GetAtt': [expect.stringContaining('DatabaseGroup'), 'GroupId'] },
        SourceSecurityGroupId: { 'Fn::GetAtt': [expect.stringContaining('TaskGroup'), 'GroupId'] },
      },
    ]);
    for (const group of properties('AWS::EC2::SecurityGroup')) {
      expect(group).not.toHaveProperty('SecurityGroupIngress');
    }
    expect(JSON.stringify(only('AWS::RDS::DBSubnetGroup'))).not.toContain('TasksSubnet');
    const routes = properties('AWS::EC2::Route').map(({ RouteTableId }) => JSON.stringify(RouteTableId));
    expect(routes).toHaveLength(2);
    for (const table of routes) expect(table).toContain('TasksSubnet');
  });
});

test('nothing runs while nothing happens', () => {
  const types = new Set(resourcesOf(template).map(([, { Type }]) => Type));
  for (const type of ['EC2::NatGateway', 'EC2::VPCEndpoint', 'EC2::EIP', 'RDS::DBProxy', 'EC2::Instance']) {
    expect(types).not.toContain(`AWS::${type}`);
  }
  expect(only('AWS::ApplicationAutoScaling::ScalableTarget')).toMatchObject({
    MinCapacity: 0,
    MaxCapacity: 1,
  });
  expect(only('AWS::ECS::Service')).not.toHaveProperty('DesiredCount');
});

describe('events', () => {
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
});

describe('jobs', () => {
  test('run on Fargate Spot, four vCPUs at once, and do not wait for ever', () => {
    expect(only('AWS::Batch::ComputeEnvironment')).toMatchObject({
      Type: 'MANAGED',
      ComputeEnvironmentName: topology.batch.computeEnvironment.name,
      ReplaceComputeEnvironment: false,
      ComputeResources: { Type: 'FARGATE_SPOT', MaxvCpus: 4 },
    });
    expect(only('AWS::Batch::JobQueue')).toMatchObject({
      JobQueueName: topology.batch.jobQueue.name,
      JobStateTimeLimitActions: topology.batch.jobQueue.stateTimeLimits.map(({ reason, maxTimeSeconds }) => ({
        Action: 'CANCEL',
        State: 'RUNNABLE',
        Reason: reason,
        MaxTimeSeconds: maxTimeSeconds,
      })),
    });
  });

  test.each([topology.batch.resample, topology.batch.fetch].map((job) => [job.name, job] as const))(
    '%s is as the topology has it: tried again after an interruption, not after what cannot succeed',
    (JobDefinitionName, job) => {
      const id = idOf('AWS::Batch::JobDefinition', { JobDefinitionName });
      const { Properties } = template.findResources('AWS::Batch::JobDefinition')[id] as {
        Properties: { RetryStrategy: { EvaluateOnExit: object[] } };
      };
      expect(Properties).toMatchObject({
        Type: 'container',
        PlatformCapabilities: ['FARGATE'],
        Timeout: { AttemptDurationSeconds: job.timeoutSeconds },
        RetryStrategy: { Attempts: job.attempts },
        ContainerProperties: {
          Command: job.command,
          ReadonlyRootFilesystem: true,
          RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
          NetworkConfiguration: { AssignPublicIp: 'ENABLED' },
          ResourceRequirements: [
            { Type: 'VCPU', Value: String(job.vcpu) },
            { Type: 'MEMORY', Value: String(job.memoryMiB) },
          ],
        },
      });
      const rules = Properties.RetryStrategy.EvaluateOnExit;
      expect(rules[0]).toEqual({ Action: 'RETRY', OnStatusReason: 'Your Spot Task was interrupted*' });
      expect(rules).toContainEqual({ Action: 'RETRY', OnExitCode: '75' });
      expect(rules.at(-1)).toEqual({ Action: 'EXIT', OnReason: '*' });
      // As many as Batch takes.
      expect(rules.length).toBeLessThanOrEqual(5);
    },
  );

  test('are started by the clocks of New York, with a dead-letter queue', () => {
    const schedules = properties('AWS::Scheduler::Schedule');
    expect(schedules.map(({ ScheduleExpression }) => ScheduleExpression)).toEqual([
      'cron(15 16 ? * MON-FRI *)',
      'cron(30 6 ? * * *)',
      'cron(30 7 ? * TUE-SAT *)',
    ]);
    for (const schedule of schedules) {
      expect(schedule).toMatchObject({
        ScheduleExpressionTimezone: 'America/New_York',
        Target: {
          Arn: 'arn:aws:scheduler:::aws-sdk:batch:submitJob',
          DeadLetterConfig: { Arn: arnOf(queueId('fibonacci-bars-schedules-undelivered')) },
        },
      });
    }
  });
});

describe('the dispatcher', () => {
  test('is one task on Spot while messages wait, and none after a quarter of an hour without', () => {
    expect(only('AWS::ECS::Service')).toMatchObject({
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT' }],
      DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } },
    });
    const steps = (StepAdjustments: object[]) =>
      idOf('AWS::ApplicationAutoScaling::ScalingPolicy', {
        StepScalingPolicyConfiguration: Match.objectLike({
          AdjustmentType: 'ExactCapacity',
          StepAdjustments,
        }),
      });
    const start = steps([{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }]);
    const stop = steps([{ MetricIntervalUpperBound: 0, ScalingAdjustment: 0 }]);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [
        {
          Name: 'QueueName',
          Value: { 'Fn::GetAtt': [queueId(topology.queues.dispatcher.name), 'QueueName'] },
        },
      ],
      Period: 60,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 1,
      AlarmActions: [{ Ref: start }],
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: Match.arrayWith([Match.objectLike({ Expression: 'waiting + taken' })]),
      EvaluationPeriods: 15,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      AlarmActions: [{ Ref: stop }],
    });
  });
});

describe('the migration', () => {
  const [[runId, run] = []] = resourcesOf(template, 'AWS::CloudFormation::CustomResource');

  test('runs after the database and before everything that needs its tables', () => {
    expect(run?.DependsOn).toContain(idOf('AWS::RDS::DBInstance', {}));
    for (const type of ['AWS::ECS::Service', 'AWS::Batch::JobDefinition']) {
      for (const [, later] of resourcesOf(template, type)) expect(later.DependsOn).toContain(runId);
    }
  });

  test('is a task in a public subnet, started by a function outside the network, again whenever it changes', () => {
    expect(only('AWS::Lambda::Function')).not.toHaveProperty('VpcConfig');
    expect(run?.Properties).toMatchObject({
      ServiceToken: arnOf(idOf('AWS::Lambda::Function', {})),
      Subnets: [
        { Ref: expect.stringContaining('TasksSubnet1') },
        { Ref: expect.stringContaining('TasksSubnet2') },
      ],
      TaskDefinition: { Ref: idOf('AWS::ECS::TaskDefinition', { Family: 'fibonacci-bars-migration' }) },
    });
  });

  test('is the only one that is given the secret of the master user', () => {
    const secret = { 'Fn::GetAtt': [idOf('AWS::RDS::DBCluster', {}), 'MasterUserSecret.SecretArn'] };
    const users = resourcesOf(template).filter(([, resource]) =>
      JSON.stringify(resource).includes(JSON.stringify(secret)),
    );
    expect(users.map(([id]) => id)).toEqual([
      expect.stringContaining('MigrationExecutionRole'),
      expect.stringContaining('MigrationTask'),
    ]);
    expect(users[1]?.[1].Properties).toMatchObject({
      ContainerDefinitions: [
        {
          Command: ['fibbars', 'migrate', '--roles', '--intervals', '3,5,8,13,21,34', '--json'],
          Secrets: [{ Name: 'PGPASSWORD' }],
        },
      ],
    });
  });
});

describe('the template', () => {
  test('has no finding of AwsSolutions, and every exception says why', () => {
    expect(findingsOf(app)).toEqual([]);
    const suppressions = suppressionsOf(stack);
    expect(suppressions.length).toBeGreaterThan(0);
    for (const { reason } of suppressions) expect(reason).toMatch(/^.{30,}\.$/);
    const { app: control } = createTestApp({ settings });
    const queue = new sqs.Queue(new Stack(control, 'Control'), 'Queue');
    expect(findingsOf(control)).toContain(`AwsSolutions-SQS4 at ${queue.node.path}/Resource`);
  });

  test('holds plain types and intrinsics alone', () => {
    expect(Object.keys(template.toJSON()).toSorted()).toEqual(['Description', 'Outputs', 'Resources']);
    for (const [, { Type }] of resourcesOf(template)) expect(Type).toMatch(/^AWS::\w+::\w+$/);
    const intrinsics = new Set(JSON.stringify(template.toJSON()).match(/"(Fn::\w+|Ref|Condition)":/g));
    const known = [
      '"Fn::GetAZs":',
      '"Fn::GetAtt":',
      '"Fn::Join":',
      '"Fn::Select":',
      '"Ref":',
      '"Condition":',
    ];
    // "Condition" is that of policies.
    expect([...intrinsics].toSorted()).toEqual(known.toSorted());
  });

  test('tells what a person starts a task with, and where the database is', () => {
    const { Outputs } = template.toJSON() as { Outputs: Record<string, { Value: unknown }> };
    expect(Outputs['DatabaseHost']?.Value).toEqual({
      'Fn::GetAtt': [idOf('AWS::RDS::DBCluster', {}), 'Endpoint.Address'],
    });
    expect(Outputs['TaskNetwork']?.Value).toEqual({
      'Fn::Join': [
        '',
        [
          'awsvpcConfiguration={subnets=[',
          { Ref: expect.stringContaining('TasksSubnet1') },
          ',',
          { Ref: expect.stringContaining('TasksSubnet2') },
          '],securityGroups=[',
          { 'Fn::GetAtt': [expect.stringContaining('TaskGroup'), 'GroupId'] },
          '],assignPublicIp=ENABLED}',
        ],
      ],
    });
  });

  test('lets all containers but the tunnel write nowhere, and gives all the one image', () => {
    const containers = [
      ...properties('AWS::Batch::JobDefinition').map(({ ContainerProperties }) => ContainerProperties),
      ...properties('AWS::ECS::TaskDefinition').map(
        ({ ContainerDefinitions }) => (ContainerDefinitions as Properties[])[0],
      ),
    ] as Properties[];
    expect(containers).toHaveLength(6);
    for (const container of containers) {
      expect(container['ReadonlyRootFilesystem']).toBe(container['Name'] !== 'tunnel');
      expect(container).toMatchObject({ Image: 'fibonacci-bars:named' });
    }
  });

  test('gives a folder for temporary files to the operator alone, who downloads day files into it', () => {
    const withVolumes = properties('AWS::ECS::TaskDefinition').filter(({ Volumes }) => Volumes !== undefined);
    expect(withVolumes).toMatchObject([
      {
        Family: 'fibonacci-bars-operator',
        Volumes: [{ Name: 'scratch' }],
        ContainerDefinitions: [
          { MountPoints: [{ SourceVolume: 'scratch', ContainerPath: '/tmp', ReadOnly: false }] },
        ],
      },
    ]);
  });
});
