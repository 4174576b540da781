/** One data folder, and more than one program that wants it. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { symbolNames, writeDayFiles } from './day-files.ts';
import { expectAllDone } from './expect-all-done.ts';
import { waitFor } from './moments.ts';
import { createWorkspace, type Running, type Workspace } from './workspace.ts';

let workspace: Workspace;
let up: Running;
beforeAll(async () => {
  workspace = await createWorkspace();
  up = workspace.start(['up']);
  expect(await waitFor(workspace, up, { when: 'select true as reached' })).toBe(true);
}, 60_000);
afterAll(() => workspace.remove(), 60_000);

test.for([['demo'], ['up'], ['migrate']])(
  '`%s` beside `up` fails, and says who has the folder',
  async (args, { skip }) => {
    skip(args[0] === 'migrate' && workspace.databaseUrl !== undefined, "that database is nobody's alone");
    const { code, stdout } = await workspace.run([...args, '--json']);
    expect(code).toBe(1);
    const { error } = JSON.parse(stdout) as { error: string };
    expect(error).toContain(`${workspace.folder} is in use by \`fibbars up\` (pid ${up.pid}, `);
    expect(error).toContain(
      `stop it with Ctrl-C or \`kill ${up.pid}\`, or choose another folder with FIBBARS_DATA_DIR`,
    );
  },
);

test('`backfill` beside `up` goes through it, and its silver appears; the others look on', async () => {
  const files = await writeDayFiles(join(workspace.scratch, 'day-files'), {
    days: 43,
    symbols: symbolNames(5),
  });
  const { code, stderr, stdout } = await workspace.run([
    'backfill',
    '--source',
    'flatfiles',
    '--path',
    files.path,
    '--json',
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ ingested: 43, inserted: 43 * 5, failed: [], complete: true });
  const drained = `select not exists (select from ops.invalidation) and not exists (select from ops.job where finished_at is null)
                      and not exists (select from ops.outbox where published_at is null) as reached`;
  expect(await waitFor(workspace, up, { when: drained })).toBe(true);
  const [bars, status, verified] = await Promise.all([
    workspace.run(['bars', 'AAPL', '21', '--format', 'csv', '--complete']),
    workspace.run(['status', '--json']),
    workspace.run(['verify', '--json']),
  ]);
  expect(bars.stdout.trimEnd().split('\n')).toHaveLength(1 + 2);
  expect(JSON.parse(status.stdout)).toMatchObject({
    bars: '215',
    queues: { deadLetters: 0 },
  });
  expect(JSON.parse(verified.stdout)).toMatchObject({ differing: 0, pending: [] });
  for (const ran of [bars, status, verified]) expect(ran).toMatchObject({ code: 0, stderr: '' });
});

test.each([
  { args: ['delete', 'AAPL', '2018-05-03'] },
  { args: ['retain', '--from', '2017-01-03'] },
  { args: ['rebuild'] },
])('`$args` changes nothing when DATABASE_URL names another database than that of `up`', async ({ args }) => {
  const other = 'postgres://fibbars:secret@127.0.0.1:1/other';
  const { code, stdout } = await workspace.run([...args, '--json'], { DATABASE_URL: other });
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    error: expect.stringMatching(
      /^DATABASE_URL is postgres:\/\/fibbars:\*\*\*@127.0.0.1:1\/other, and the `fibbars up` .*: leave DATABASE_URL out/,
    ),
  });
  expect(stdout).not.toContain('secret');
});

test('`up` tells of the completed bars as they come, and ends with Ctrl-C', async () => {
  up.signal('SIGINT');
  const { code, stdout, stderr } = await up.exit;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.match(/^completed AAPL 21d .*$/gm)).toHaveLength(2);
  expect(await workspace.processes()).toEqual([]);
  await expectAllDone(workspace, { days: 43, bars: 215 });
});
