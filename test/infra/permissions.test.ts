/** Each role can do what its program's code calls, and nothing else. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundle, type Program } from '../../infra/bundle.ts';
import { settings } from '../../infra/settings.ts';
import { topology } from '../../infra/topology.ts';
import { createTestApp, resourcesOf } from './template.ts';

type Statement = { Effect: string; Action: string | string[]; Resource: unknown };

const template = Template.fromStack(createTestApp({ settings }).stack);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Commands of the SDK by the service that they belong to, and what they need where that has another name. */
const services: Readonly<Record<string, string>> = {
  PutEvents: 'events',
  StartReplay: 'events',
  DescribeReplay: 'events',
  DescribeArchive: 'events',
  DescribeRule: 'events',
  SubmitJob: 'batch',
  ListJobs: 'batch',
  DescribeJobs: 'batch',
  ReceiveMessage: 'sqs',
  SendMessage: 'sqs',
  DeleteMessage: 'sqs',
  DeleteMessageBatch: 'sqs',
  ChangeMessageVisibility: 'sqs',
  ChangeMessageVisibilityBatch: 'sqs',
  GetQueueAttributes: 'sqs',
  GetQueueUrl: 'sqs',
};
/** The provider's store of files, which has keys of its own and is not of this account. */
const elsewhere = new Set(['GetObject', 'ListObjectsV2']);

let sources: Readonly<Record<Program, readonly string[]>>;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fibbars-permissions-'));
  const { outputs } = await bundle(join(folder, 'dist'));
  await rm(folder, { recursive: true });
  sources = Object.fromEntries(
    Object.entries(outputs).map(([path, { inputs }]) => [
      basename(path, '.js'),
      Object.entries(inputs)
        .filter(([file, { bytesInOutput }]) => bytesInOutput > 0 && !isOfTheLaptop(file))
        .map(([file]) => file),
    ]),
  ) as Record<Program, string[]>;
});

/** What makes queues and rules where the pipeline runs in the same process, and the packages but for the one that calls SQS for us. */
function isOfTheLaptop(file: string): boolean {
  return (
    /^services\/(local\/|dashboard\/live\/own-queue)/.test(file) ||
    (/node_modules/.test(file) && !/sqs-consumer/.test(file))
  );
}

/** Actions that the program's code may call, signing in to the database included. */
async function calledBy(program: Program): Promise<Set<string>> {
  const called = new Set(['rds-db:connect']);
  for (const file of sources[program]) {
    const text = await readFile(join(root, file), 'utf8');
    for (const [, command = ''] of text.matchAll(/new (\w+)Command\(/g)) {
      if (elsewhere.has(command)) continue;
      const service = services[command];
      if (service === undefined) throw new Error(`${command}, called in ${file}, is not known to this test`);
      called.add(`${service}:${command.replace(/Batch$/, '')}`);
    }
  }
  return called;
}

/** By the beginning of its logical id. */
function statementsOf(role: string): Statement[] {
  const found = resourcesOf(template, 'AWS::IAM::Role').filter(([id]) => id.startsWith(role));
  expect(found).toHaveLength(1);
  const policies = (found[0]?.[1].Properties['Policies'] ?? []) as {
    PolicyDocument: { Statement: Statement[] };
  }[];
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

const actionsOf = (role: string) => new Set(statementsOf(role).flatMap(({ Action }) => Action));

describe('of a task', () => {
  test.each<[string, Program]>([
    ['JobsFetchRole', 'fetcher'],
    ['JobsResampleRole', 'resampler'],
    ['PeopleOperatorTaskRole', 'fibbars'],
  ])('%s does what %s calls', async (role, program) => {
    const called = await calledBy(program);
    expect(actionsOf(role)).toEqual(called);
  });

  test('DispatcherRole does what the dispatcher calls, but for asking where its dead letters go: it is told', async () => {
    const called = await calledBy('dispatcher');
    expect(called.delete('sqs:GetQueueAttributes') && called.delete('sqs:GetQueueUrl')).toBe(true);
    expect(actionsOf('DispatcherRole')).toEqual(called);
  });

  test('the migration calls nothing, and the tunnel only keeps its session', () => {
    expect(actionsOf('MigrationTaskRole')).toEqual(new Set());
    expect([...actionsOf('PeopleReaderTaskRole')].every((action) => action.startsWith('ssmmessages:'))).toBe(
      true,
    );
  });

  test.each([
    ['JobsFetchRole', 'fetcher'],
    ['JobsResampleRole', 'resampler'],
    ['DispatcherRole', 'dispatcher'],
    ['PeopleOperatorTaskRole', 'migrator'],
    ['PeopleReaderPerson', 'reader'],
  ])('%s signs in to the database as %s alone', (role, user) => {
    const statements = statementsOf(role).filter(({ Action }) => [Action].flat().includes('rds-db:connect'));
    expect(statements).toHaveLength(1);
    expect(statements[0]).toMatchObject({
      Action: 'rds-db:connect',
      Resource: {
        'Fn::Join': [
          '',
          [
            expect.stringMatching(/^arn:aws:rds-db:us-east-1:$/),
            { Ref: 'AWS::AccountId' },
            ':dbuser:',
            { 'Fn::GetAtt': [expect.stringContaining('DatabaseCluster'), 'DBClusterResourceId'] },
            `/${user}`,
          ],
        ],
      },
    });
  });
});

/** Queues that the role may do it with, by name. */
function queuesOf(role: string, action: string): string[] {
  const names = new Map(
    resourcesOf(template, 'AWS::SQS::Queue').map(([id, { Properties }]) => [
      id,
      String(Properties['QueueName']),
    ]),
  );
  return statementsOf(role)
    .filter(({ Action }) => [Action].flat().includes(action))
    .flatMap(({ Resource }) => [Resource].flat())
    .map(
      (resource) => names.get((resource as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0]) ?? 'unknown',
    )
    .toSorted();
}

test('the dispatcher takes from its own queue alone, and gives to its dead letters alone', () => {
  const { name, deadLetterQueue } = topology.queues.dispatcher;
  for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility']) {
    expect(queuesOf('DispatcherRole', action)).toEqual([name]);
  }
  expect(queuesOf('DispatcherRole', 'sqs:SendMessage')).toEqual([deadLetterQueue]);
});

test('the operator takes from queues of dead letters alone, and gives to those that they came from', () => {
  const own = Object.values(topology.queues);
  const dead = [
    ...own.map(({ deadLetterQueue }) => deadLetterQueue),
    ...topology.rules.map(({ target }) => target.deadLetterQueue),
  ];
  for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility']) {
    expect(queuesOf('PeopleOperatorTaskRole', action)).toEqual(dead.toSorted());
  }
  expect(queuesOf('PeopleOperatorTaskRole', 'sqs:SendMessage')).toEqual(
    own.map(({ name }) => name).toSorted(),
  );
});

test.each([
  ['DispatcherRole', 'fibonacci-bars-resample'],
  ['PeopleOperatorTaskRole', 'fibonacci-bars-resample'],
  ['SchedulesRole', 'fibonacci-bars-fetch'],
  ['PeopleOperatorPerson', 'fibonacci-bars-fetch'],
])('%s submits %s alone, to the one queue of jobs', (role, definition) => {
  const [[queueId] = expect.fail()] = resourcesOf(template, 'AWS::Batch::JobQueue');
  const [[definitionId] = expect.fail()] = resourcesOf(template, 'AWS::Batch::JobDefinition').filter(
    ([, { Properties }]) => Properties['JobDefinitionName'] === definition,
  );
  const statements = statementsOf(role).filter(({ Action }) => [Action].flat().includes('batch:SubmitJob'));
  expect(statements).toHaveLength(1);
  const resources = [statements[0]?.Resource].flat() as { Ref: string }[];
  expect(resources.map(({ Ref }) => Ref).toSorted()).toEqual([queueId, definitionId].toSorted());
});

test('each role that puts events puts them on the one bus', () => {
  const [[busId] = expect.fail()] = resourcesOf(template, 'AWS::Events::EventBus');
  for (const role of ['JobsFetchRole', 'JobsResampleRole', 'DispatcherRole', 'PeopleOperatorTaskRole']) {
    const statements = statementsOf(role).filter(({ Action }) =>
      [Action].flat().includes('events:PutEvents'),
    );
    expect(statements.map(({ Resource }) => Resource)).toEqual([{ 'Fn::GetAtt': [busId, 'Arn'] }]);
  }
});

test('what starts tasks reads its image, writes its log, and has the secrets that its task is given', () => {
  const common = [
    'ecr:BatchCheckLayerAvailability',
    'ecr:BatchGetImage',
    'ecr:GetAuthorizationToken',
    'ecr:GetDownloadUrlForLayer',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ];
  const more: Record<string, string[]> = {
    JobsFetchExecutionRole: ['ssm:GetParameters'],
    PeopleOperatorExecutionRole: ['ssm:GetParameters'],
    MigrationExecutionRole: ['secretsmanager:GetSecretValue'],
    JobsResampleExecutionRole: [],
    DispatcherExecutionRole: [],
    PeopleReaderExecutionRole: [],
  };
  for (const [role, extra] of Object.entries(more)) {
    expect({ role, actions: [...actionsOf(role)].toSorted() }).toEqual({
      role,
      actions: [...common, ...extra].toSorted(),
    });
  }
});

test('of the services, the scheduler submits the job of a night, and the starter runs the migration', () => {
  expect([...actionsOf('SchedulesRole')].toSorted()).toEqual(['batch:SubmitJob', 'sqs:SendMessage']);
  expect([...actionsOf('MigrationStarterRole')].toSorted()).toEqual([
    'cloudformation:DescribeStacks',
    'ecs:DescribeTasks',
    'ecs:RunTask',
    'ecs:StopTask',
    'iam:PassRole',
    'logs:CreateLogStream',
    'logs:GetLogEvents',
    'logs:PutLogEvents',
  ]);
});

test('people run the task that is theirs, and see and stop it', () => {
  const common = ['ecs:DescribeTasks', 'ecs:RunTask', 'ecs:StopTask', 'iam:PassRole'];
  expect([...actionsOf('PeopleOperatorPerson')].toSorted()).toEqual(
    [...common, 'batch:SubmitJob', 'logs:FilterLogEvents', 'logs:GetLogEvents'].toSorted(),
  );
  expect([...actionsOf('PeopleReaderPerson')].toSorted()).toEqual(
    [...common, 'rds-db:connect', 'ssm:StartSession'].toSorted(),
  );
});

test('no role has a managed policy, nor names every action; every resource, only where there is no other', () => {
  const wild = new Set<string>();
  for (const [id, { Properties }] of resourcesOf(template, 'AWS::IAM::Role')) {
    expect(Properties).not.toHaveProperty('ManagedPolicyArns');
    for (const { Effect, Action, Resource } of statementsOf(id)) {
      expect(Effect).toBe('Allow');
      expect(JSON.stringify(Action)).not.toContain('*');
      if (Resource === '*') for (const action of [Action].flat()) wild.add(action);
    }
  }
  expect([...wild].toSorted()).toEqual([
    'batch:DescribeJobs',
    'batch:ListJobs',
    'ecr:GetAuthorizationToken',
    'ssmmessages:CreateControlChannel',
    'ssmmessages:CreateDataChannel',
    'ssmmessages:OpenControlChannel',
    'ssmmessages:OpenDataChannel',
  ]);
  expect(resourcesOf(template).filter(([, { Type }]) => /^AWS::IAM::.*Policy$/.test(Type))).toEqual([]);
});
