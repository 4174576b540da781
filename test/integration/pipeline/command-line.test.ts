import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkspace, type Workspace } from './workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await createWorkspace();
});
afterAll(() => workspace.remove(), 60_000);

test.for([{ args: ['--help'] }, { args: ['demo', '--help'] }, { args: ['backfill', '--help'] }])(
  'help is exit code 0 and tells how it is used: $args',
  async ({ args }) => {
    const { code, stdout, stderr } = await workspace.run(args);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: fibbars');
  },
);

test.for([
  { args: ['demmo'], words: "unknown command 'demmo'" },
  { args: ['demo', '--fast'], words: "unknown option '--fast'" },
  { args: ['bars', 'AAPL'], words: "missing required argument 'days'" },
  { args: ['bars', 'AAPL', 'many'], words: 'It takes a whole number of trading days' },
  { args: ['bars', 'AAPL', '3', '--from', '2018-02-30'], words: 'It takes a calendar date, YYYY-MM-DD' },
  { args: ['bars', 'AAPL', '3', '--format', 'xml'], words: 'Allowed choices are table, csv, json' },
  { args: ['backfill'], words: "'--source <source>' not specified" },
  { args: ['backfill', '--source', 'flatfiles'], words: 'needs --path' },
  { args: ['backfill', '--source', 'flatfiles', '--path', '/none/such'], words: '/none/such' },
  { args: ['up', '--port', '70000'], words: 'It takes a port' },
  { args: ['up', '--no-dashboard', '--open'], words: '--no-dashboard leaves out what --open is for' },
  { args: ['dashboard', '--port', '-1'], words: 'It takes a port' },
  { args: ['cloud-init'], words: 'cloud-init needs AWS_ENDPOINT_URL' },
  { args: ['verify', '--symbols', 'A B?'], words: 'is neither' },
])('wrong usage is exit code 2 with words that help, also as JSON: $words', async ({ args, words }) => {
  const [people, machine] = await Promise.all([workspace.run(args), workspace.run([...args, '--json'])]);
  expect(people.stdout).toBe('');
  expect(people.stderr).toContain(words);
  expect(people.code).toBe(2);
  expect(machine.code).toBe(2);
  const document = JSON.parse(machine.stdout) as { error: string };
  expect(Object.keys(document)).toEqual(['error']);
  expect(document.error).toContain(words);
});

test('no command at all is exit code 2, and tells which there are', async () => {
  const { code, stdout, stderr } = await workspace.run([]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Usage: fibbars');
});

test.for([['bars', 'AAPL', '3'], ['status'], ['verify']])(
  '`%s` on an empty data folder says how to fill it',
  async (args) => {
    const { code, stdout } = await workspace.run([...args, '--json'], { DATABASE_URL: undefined });
    expect(code).toBe(1);
    const { error } = JSON.parse(stdout) as { error: string };
    expect(error).toContain(`There is no data in ${workspace.folder} yet`);
    expect(error).toContain('npm start');
  },
);

test('a DATABASE_URL where nobody listens is told within 15 s, without the password', async () => {
  const port = await unusedPort();
  const startedAt = Date.now();
  const { code, stdout, stderr } = await workspace.run(['status', '--json'], {
    DATABASE_URL: `postgres://somebody:hush-hush@127.0.0.1:${port}/none`,
  });
  expect(Date.now() - startedAt).toBeLessThan(20_000);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    error: expect.stringContaining(
      `No connection to PostgreSQL at postgres://somebody:***@127.0.0.1:${port}/none`,
    ) as unknown,
  });
  expect(stdout + stderr).not.toContain('hush-hush');
  expect(stderr).toContain('Check DATABASE_URL');
});

test('a DATABASE_URL that is none is exit code 2, without the password', async () => {
  const { code, stdout, stderr } = await workspace.run(['status'], {
    DATABASE_URL: 'mysql://somebody:hush-hush@127.0.0.1/none',
  });
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('DATABASE_URL is "mysql://somebody:***@127.0.0.1/none"');
  expect(stderr).not.toContain('hush-hush');
});

test('a data folder with files of somebody else is left alone', async () => {
  const strange = join(workspace.scratch, 'strange');
  await mkdir(strange);
  await writeFile(join(strange, 'thesis.doc'), 'mine');
  await chmod(strange, 0o755);
  const { code, stderr } = await workspace.run(['demo'], { FIBBARS_DATA_DIR: strange });
  expect(code).toBe(1);
  expect(stderr).toContain('it has files that are not ours (thesis.doc)');
});

async function unusedPort(): Promise<number> {
  const probe = createServer();
  return await new Promise((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
