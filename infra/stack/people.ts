import { Stack } from 'aws-cdk-lib';
import type { CfnCluster, CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Database } from './database.ts';
import type { Deployment } from './deployment.ts';
import type { Events } from './events.ts';
import type { Jobs } from './jobs.ts';
import type { Queues } from './queues.ts';
import { addExecutionRole, addRole, anyTask, type Permission, roleOf } from './roles.ts';
import { addLog, addTaskDefinition, commonEnvironment, parameterArn } from './tasks.ts';

export type PeopleDeps = {
  readonly database: Database;
  readonly bus: Events;
  readonly queues: Queues;
  readonly jobs: Jobs;
  readonly cluster: CfnCluster;
};

/** A task that a person starts, and the roles that whoever starts it must be able to hand over. */
type PersonalTask = {
  readonly task: CfnTaskDefinition;
  readonly roles: readonly iam.IRole[];
};

/**
 * Two roles for people of the account, and the tasks through which they reach the database, which has no address outside:
 * `operator` runs any command of `fibbars` as a task, `reader` opens a tunnel to read with, and nothing else.
 */
export function addPeople(deployment: Deployment, deps: PeopleDeps): void {
  const here = new Construct(deployment.scope, 'People');
  addOperator(new Construct(here, 'Operator'), deployment, deps);
  addReader(new Construct(here, 'Reader'), deployment, deps);
}

function addOperator(here: Construct, deployment: Deployment, deps: PeopleDeps): void {
  const { settings, image } = deployment;
  const { database, bus, queues, jobs } = deps;
  const log = addLog(here, deployment, 'operator');
  const { flatFiles } = settings.massive;
  const keys = {
    MASSIVE_API_KEY: jobs.keyArn,
    ...(flatFiles !== null && {
      MASSIVE_S3_ACCESS_KEY_ID: parameterArn(here, flatFiles.accessKeyIdParameter),
      MASSIVE_S3_SECRET_ACCESS_KEY: parameterArn(here, flatFiles.secretAccessKeyParameter),
    }),
  };
  const executionRole = addExecutionRole(here, 'ExecutionRole', {
    image,
    log,
    permissions: [{ actions: ['ssm:GetParameters'], resources: Object.values(keys) }],
  });
  const taskRole = addRole(here, 'TaskRole', {
    service: 'ecs-tasks.amazonaws.com',
    permissions: [
      { actions: ['rds-db:connect'], resources: [database.connectArnOf('migrator')] },
      { actions: ['events:PutEvents'], resources: [bus.busArn] },
      { actions: ['batch:SubmitJob'], resources: [jobs.jobQueueArn, jobs.resampleArn] },
      { actions: ['batch:ListJobs', 'batch:DescribeJobs'], resources: ['*'] },
      ...toRedrive(queues),
      ...toReplay(here, bus),
    ],
    wildcards: {
      '*': 'batch:ListJobs and batch:DescribeJobs take no resource.',
      [replays(here, '<AWS::AccountId>')]: 'A replay has no name before it is started.',
    },
  });
  const task = addTaskDefinition(here, deployment, {
    program: 'operator',
    command: ['fibbars', 'status'],
    size: settings.sizes.resample,
    environment: {
      ...commonEnvironment(deployment, bus.busName),
      DATABASE_URL: database.urlOf('migrator'),
      FIBBARS_QUEUE_URL: queues.dispatcher.queue.queueUrl,
      FIBBARS_DEAD_LETTER_QUEUE_URL: queues.dispatcher.deadLetters.queueUrl,
      FIBBARS_JOB_QUEUE: jobs.jobQueueArn,
      FIBBARS_JOB_DEFINITION: jobs.resampleArn,
      FIBONACCI_LOOKBACK_DAYS: String(settings.lookbackDays),
      MASSIVE_CALLS_PER_MINUTE: String(settings.massive.callsPerMinute),
    },
    secrets: keys,
    // Day files of a bucket are downloaded before they are read.
    scratch: true,
    log,
    executionRole,
    taskRole,
  });
  addPersonalRole(here, 'operator', {
    tasks: [{ task, roles: [executionRole, taskRole] }],
    permissions: [
      { actions: ['batch:SubmitJob'], resources: [jobs.jobQueueArn, jobs.fetchArn] },
      { actions: ['logs:GetLogEvents', 'logs:FilterLogEvents'], resources: [log.arn] },
    ],
  });
}

/** `fibbars status` and `redrive`: the depths of the queues, and dead letters back to where they belong. */
function toRedrive({ dispatcher, subscriber, undelivered }: Queues): Permission[] {
  const own = [dispatcher.queue.queueArn, subscriber.queue.queueArn];
  const dead = [dispatcher.deadLetters, subscriber.deadLetters, ...undelivered.values()].map(
    ({ queueArn }) => queueArn,
  );
  return [
    { actions: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'], resources: [...own, ...dead] },
    {
      actions: ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage'],
      resources: dead,
    },
    { actions: ['sqs:SendMessage'], resources: own },
  ];
}

/** `fibbars replay --archive`. */
function toReplay(here: Construct, bus: Events): Permission[] {
  return [
    { actions: ['events:DescribeArchive'], resources: [bus.archiveArn] },
    { actions: ['events:DescribeRule'], resources: [...bus.ruleArns] },
    {
      actions: ['events:StartReplay', 'events:DescribeReplay'],
      resources: [bus.archiveArn, replays(here, Stack.of(here).account)],
    },
  ];
}

function replays(here: Construct, account: string): string {
  return `arn:aws:events:${Stack.of(here).region}:${account}:replay/*`;
}

function addReader(here: Construct, deployment: Deployment, { database }: PeopleDeps): void {
  const { image } = deployment;
  const { region } = Stack.of(here);
  const log = addLog(here, deployment, 'tunnel');
  const executionRole = addExecutionRole(here, 'ExecutionRole', { image, log });
  const taskRole = addRole(here, 'TaskRole', {
    service: 'ecs-tasks.amazonaws.com',
    permissions: [
      {
        actions: [
          'ssmmessages:CreateControlChannel',
          'ssmmessages:CreateDataChannel',
          'ssmmessages:OpenControlChannel',
          'ssmmessages:OpenDataChannel',
        ],
        resources: ['*'],
      },
    ],
    wildcards: { '*': 'The channels of a session take no resource.' },
  });
  const task = addTaskDefinition(here, deployment, {
    program: 'tunnel',
    // It does nothing: the session manager forwards through it. After a working day it ends by itself.
    command: ['node', '--eval', 'setTimeout(() => {}, 8 * 3_600_000)'],
    size: { vcpu: 0.25, memoryMiB: 512 },
    environment: {},
    // The session manager's agent writes beside the program.
    writable: true,
    log,
    executionRole,
    taskRole,
  });
  addPersonalRole(here, 'reader', {
    tasks: [{ task, roles: [executionRole, taskRole] }],
    permissions: [
      { actions: ['rds-db:connect'], resources: [database.connectArnOf('reader')] },
      {
        actions: ['ssm:StartSession'],
        resources: [
          anyTask(here).arn,
          `arn:aws:ssm:${region}::document/AWS-StartPortForwardingSessionToRemoteHost`,
        ],
      },
    ],
  });
}

type PersonalRole = { readonly tasks: readonly PersonalTask[]; readonly permissions: readonly Permission[] };

/** Whom the account's administrators let assume it. */
function addPersonalRole(here: Construct, name: string, { tasks, permissions }: PersonalRole): void {
  const { arn, wildcards } = anyTask(here);
  roleOf(here, 'Person', {
    name: `fibonacci-bars-${name}`,
    principal: new iam.AccountRootPrincipal(),
    permissions: [
      { actions: ['ecs:RunTask'], resources: tasks.map(({ task }) => task.ref) },
      {
        actions: ['ecs:DescribeTasks', 'ecs:StopTask'],
        resources: [arn],
      },
      {
        actions: ['iam:PassRole'],
        resources: tasks.flatMap(({ roles }) => roles.map(({ roleArn }) => roleArn)),
      },
      ...permissions,
    ],
    wildcards,
  });
}
