import { expect, test } from 'vitest';
import {
  type Aws,
  type CustomResourceEvent,
  type EndedTask,
  runMigration,
} from '../../infra/stack/migration/run-migration.ts';

const event: CustomResourceEvent = {
  RequestType: 'Update',
  RequestId: 'request',
  ResponseURL: 'https://example.com/answer',
  StackId: 'stack',
  LogicalResourceId: 'MigrationRun',
  ResourceProperties: {
    Cluster: 'cluster',
    TaskDefinition: 'task:3',
    Subnets: ['subnet-1'],
    SecurityGroup: 'sg-1',
    LogGroup: '/bars/migration',
    Container: 'migration',
  },
};

/** Ends as `ends` says, one answer after the other, and then goes on for ever. */
function scripted({ ends = [], status = 'UPDATE_IN_PROGRESS', lines = ['the last words'] }: Script = {}) {
  const calls: string[] = [];
  const answers = ends.values();
  const aws: Aws = {
    stackStatus: (id) => Promise.resolve(id === 'stack' ? status : ''),
    runTask(task, token) {
      calls.push(`run ${task.TaskDefinition} ${token}`);
      return Promise.resolve('arn:aws:ecs:us-east-1:1:task/cluster/abc');
    },
    endOf: () => Promise.resolve(answers.next().value),
    stopTask(_task, arn) {
      calls.push(`stop ${arn}`);
      return Promise.resolve();
    },
    lastLogLines(group, stream) {
      calls.push(`read ${group} ${stream}`);
      return lines instanceof Error ? Promise.reject(lines) : Promise.resolve(lines);
    },
    sleep: () => Promise.resolve(),
  };
  return { aws, calls };
}
type Script = { ends?: (EndedTask | undefined)[]; status?: string; lines?: string[] | Error };

test('waits until the task ends, and is content with exit code 0', async () => {
  const { aws, calls } = scripted({ ends: [undefined, undefined, { exitCode: 0, reason: 'done' }] });
  expect(await runMigration(aws, event, 60_000)).toBeUndefined();
  // The token of the request, so that a repeated call starts no second task.
  expect(calls).toEqual(['run task:3 request']);
});

test('fails with the exit code and the last words of the log', async () => {
  const { aws, calls } = scripted({
    ends: [{ exitCode: 1, reason: 'Essential container in task exited' }],
    lines: ['connecting', 'Migration 0002-more failed and was rolled back: syntax error'],
  });
  expect(await runMigration(aws, event, 60_000)).toBe(
    'The migration ended with exit code 1; Essential container in task exited; connecting; Migration 0002-more failed and was rolled back: syntax error',
  );
  expect(calls.at(-1)).toBe('read /bars/migration migration/migration/abc');
});

test('fails when the task never ran, and when there is no log', async () => {
  const { aws } = scripted({
    ends: [{ exitCode: undefined, reason: 'CannotPullContainerError' }],
    lines: new Error('no such stream'),
  });
  expect(await runMigration(aws, event, 60_000)).toMatch(
    /did not run; CannotPullContainerError; .*no such stream/,
  );
});

test('stops the task when the time is up, and says what to do', async () => {
  const { aws, calls } = scripted();
  expect(await runMigration(aws, event, 840_000)).toMatch(/more than 14 minutes.*task:3/);
  expect(calls.at(-1)).toBe('stop arn:aws:ecs:us-east-1:1:task/cluster/abc');
});

test('leaves the database alone when the stack is deleted or rolled back', async () => {
  const { aws, calls } = scripted({ status: 'UPDATE_ROLLBACK_IN_PROGRESS' });
  expect(await runMigration(aws, event, 60_000)).toBeUndefined();
  expect(await runMigration(scripted().aws, { ...event, RequestType: 'Delete' }, 60_000)).toBeUndefined();
  expect(calls).toEqual([]);
});

test('gives CloudFormation no more than it takes', async () => {
  const { aws } = scripted({ ends: [{ exitCode: 1, reason: undefined }], lines: ['x'.repeat(9_000)] });
  expect(await runMigration(aws, event, 60_000)).toHaveLength(3_000);
});
