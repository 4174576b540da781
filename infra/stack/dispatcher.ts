import { Validations } from 'aws-cdk-lib';
import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { topology } from '../topology.ts';
import type { Database } from './database.ts';
import { clusterName, type Deployment } from './deployment.ts';
import type { Events } from './events.ts';
import type { Jobs } from './jobs.ts';
import type { Network } from './network.ts';
import type { Queues } from './queues.ts';
import { addExecutionRole, addRole, type Permission } from './roles.ts';
import { addLog, addTaskDefinition, commonEnvironment } from './tasks.ts';

export type Dispatcher = {
  readonly cluster: ecs.CfnCluster;
  readonly service: ecs.CfnService;
  /** Those that start and stop it. */
  readonly alarms: readonly cloudwatch.CfnAlarm[];
};

export type DispatcherDeps = {
  readonly network: Network;
  readonly database: Database;
  readonly bus: Events;
  readonly queues: Queues;
  readonly jobs: Jobs;
};

/** How long the queue has to be empty before it stops: it holds the database awake. */
const idleMinutes = 15;

/** The dispatcher on Fargate Spot: none while its queue is empty, and one for as long as something comes. */
export function addDispatcher(deployment: Deployment, deps: DispatcherDeps): Dispatcher {
  const { scope, settings, image } = deployment;
  const { network, database, bus, queues, jobs } = deps;
  const here = new Construct(scope, 'Dispatcher');
  const cluster = new ecs.CfnCluster(here, 'Cluster', {
    clusterName,
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
  });
  Validations.of(cluster).acknowledge({
    id: 'AwsSolutions-ECS4',
    reason: 'Container insights are metrics that cost more than the tasks; the logs carry those that matter.',
  });
  const log = addLog(here, deployment, 'dispatcher');
  const task = addTaskDefinition(here, deployment, {
    program: 'dispatcher',
    command: ['dispatcher'],
    size: settings.sizes.dispatcher,
    environment: {
      ...commonEnvironment(deployment, bus.busName),
      DATABASE_URL: database.urlOf('dispatcher'),
      FIBBARS_QUEUE_URL: queues.dispatcher.queue.queueUrl,
      FIBBARS_DEAD_LETTER_QUEUE_URL: queues.dispatcher.deadLetters.queueUrl,
      FIBBARS_JOB_QUEUE: jobs.jobQueueArn,
      FIBBARS_JOB_DEFINITION: jobs.resampleArn,
    },
    log,
    executionRole: addExecutionRole(here, 'ExecutionRole', { image, log }),
    taskRole: addRole(here, 'Role', {
      service: 'ecs-tasks.amazonaws.com',
      permissions: permissionsOf(deps),
      wildcards: { '*': 'batch:ListJobs and batch:DescribeJobs take no resource.' },
    }),
  });
  const service = new ecs.CfnService(here, 'Service', {
    cluster: cluster.ref,
    serviceName: 'dispatcher',
    taskDefinition: task.ref,
    // Without a number of tasks, which each deployment would set again: the first one starts one, and it sweeps.
    capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
    networkConfiguration: {
      awsvpcConfiguration: {
        assignPublicIp: 'ENABLED',
        subnets: network.taskSubnetIds,
        securityGroups: [network.tasks.securityGroupId],
      },
    },
    deploymentConfiguration: {
      minimumHealthyPercent: 0,
      maximumPercent: 100,
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
    propagateTags: 'SERVICE',
  });
  const alarms = addScaling(here, { cluster, service, queue: queues.dispatcher.queue });
  return { cluster, service, alarms };
}

function permissionsOf({ database, bus, queues, jobs }: DispatcherDeps): Permission[] {
  return [
    { actions: ['rds-db:connect'], resources: [database.connectArnOf('dispatcher')] },
    {
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
      resources: [queues.dispatcher.queue.queueArn],
    },
    { actions: ['sqs:SendMessage'], resources: [queues.dispatcher.deadLetters.queueArn] },
    { actions: ['batch:SubmitJob'], resources: [jobs.jobQueueArn, jobs.resampleArn] },
    { actions: ['batch:ListJobs', 'batch:DescribeJobs'], resources: ['*'] },
    { actions: ['events:PutEvents'], resources: [bus.busArn] },
  ];
}

type Scaled = Pick<Dispatcher, 'cluster' | 'service'> & {
  readonly queue: Queue;
};

/** SQS measures once a minute, and a queue that slept for six hours up to 15 minutes late. */
function addScaling(here: Construct, { cluster, service, queue }: Scaled): cloudwatch.CfnAlarm[] {
  const target = new scaling.CfnScalableTarget(here, 'Tasks', {
    serviceNamespace: 'ecs',
    scalableDimension: 'ecs:service:DesiredCount',
    resourceId: `service/${cluster.ref}/${service.attrName}`,
    minCapacity: 0,
    maxCapacity: 1,
  });
  const policy = (
    id: string,
    tasks: number,
    bound: 'metricIntervalLowerBound' | 'metricIntervalUpperBound',
  ) =>
    new scaling.CfnScalingPolicy(here, id, {
      policyName: `${topology.queues.dispatcher.name}-${id.toLowerCase()}`,
      policyType: 'StepScaling',
      scalingTargetId: target.ref,
      stepScalingPolicyConfiguration: {
        adjustmentType: 'ExactCapacity',
        cooldown: 60,
        stepAdjustments: [{ [bound]: 0, scalingAdjustment: tasks }],
      },
    });
  const metric = (id: string, metricName: string, stat: string) => ({
    id,
    returnData: false,
    metricStat: {
      stat,
      period: 60,
      metric: {
        namespace: 'AWS/SQS',
        metricName,
        dimensions: [{ name: 'QueueName', value: queue.queueName }],
      },
    },
  });
  const wake = new cloudwatch.CfnAlarm(here, 'WorkWaits', {
    alarmName: 'fibonacci-bars-work-waits',
    alarmDescription: 'Starts the dispatcher. No fault.',
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensions: [{ name: 'QueueName', value: queue.queueName }],
    statistic: 'Maximum',
    period: 60,
    evaluationPeriods: 1,
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    treatMissingData: 'notBreaching',
    alarmActions: [policy('Start', 1, 'metricIntervalLowerBound').ref],
  });
  const sleep = new cloudwatch.CfnAlarm(here, 'NothingCame', {
    alarmName: 'fibonacci-bars-nothing-came',
    alarmDescription: `Stops the dispatcher after ${idleMinutes} minutes without a message. No fault.`,
    metrics: [
      metric('waiting', 'ApproximateNumberOfMessagesVisible', 'Maximum'),
      // What is taken at once is never seen waiting.
      metric('taken', 'NumberOfMessagesReceived', 'Sum'),
      { id: 'work', expression: 'waiting + taken', returnData: true },
    ],
    evaluationPeriods: idleMinutes,
    comparisonOperator: 'LessThanThreshold',
    threshold: 1,
    // A running dispatcher asks the queue, so that there is data; without any there is nobody to stop.
    treatMissingData: 'ignore',
    alarmActions: [policy('Stop', 0, 'metricIntervalUpperBound').ref],
  });
  return [wake, sleep];
}
