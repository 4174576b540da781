/** What the template must say, and what it must not; not a snapshot. */
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { settings } from '../../infra/settings.ts';
import { topology } from '../../infra/topology.ts';
import { arnOf, asking, createTestApp, resourcesOf } from './template.ts';

const { stack } = createTestApp({ settings });
const template = Template.fromStack(stack);
const { properties, only, idOf, queueId } = asking(template);

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
