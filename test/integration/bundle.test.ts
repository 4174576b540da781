/** The bundled programs, each from an empty folder with nothing beside it, against a PostgreSQL and the local cloud. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { bundle, type Program, programs } from '../../infra/bundle.ts';
import { type LocalCloud, startLocalCloud } from '../../services/local/cloud/start-local-cloud.ts';
import { createLogger } from '../../services/shared/logger.ts';
import { knownSchemaVersion } from '../../sql/schema-version.ts';
import { createTestDatabase, type TestDatabase } from '../support/create-test-database.ts';
import { expectSilverIsRight } from '../support/silver-definition.ts';
import { writeDayFiles } from './pipeline/day-files.ts';

type Ran = { code: number | null; stdout: string; stderr: string };

let scratch: string;
let database: TestDatabase;
let cloud: LocalCloud;
let settings: Record<string, string>;
const children = new Set<ChildProcess>();

const folderOf = (program: Program) => join(scratch, 'image', program);

beforeAll(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), 'fibbars-bundle-')));
  await bundle(join(scratch, 'dist'));
  for (const program of Object.keys(programs) as Program[]) {
    await mkdir(folderOf(program), { recursive: true });
    await copyFile(join(scratch, 'dist/bin', program), join(folderOf(program), program));
  }
  await rm(join(scratch, 'dist'), { recursive: true });
  database = await createTestDatabase({ empty: true });
  cloud = await startLocalCloud({
    directory: join(scratch, 'cloud'),
    commands: { resampler: [join(folderOf('resampler'), 'resampler')] },
    jobEnvironment: () => ({
      ...bare,
      DATABASE_URL: database.url,
      FIBBARS_BUS: 'fibonacci-bars',
      LOG_LEVEL: 'warn',
    }),
    logger: createLogger('test', 'silent'),
  });
  settings = { DATABASE_URL: database.url, LOG_LEVEL: 'warn', AWS_ENDPOINT_URL: cloud.endpoint };
}, 300_000);

afterAll(async () => {
  for (const child of children) {
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }
  await cloud?.close();
  await database?.drop();
  await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
});

/** Node for `#!/usr/bin/env node`; no home, no folder for temporary files, as in a container with a read-only file system. */
const bare = {
  PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
  HOME: '/nonexistent',
  TMPDIR: '/nonexistent',
};

function start(program: Program, args: readonly string[] = []) {
  const child = spawn(join(folderOf(program), program), args, {
    cwd: folderOf(program),
    env: { ...bare, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const ran: Ran = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    ran.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    ran.stderr += text;
  });
  const exit = once(child, 'close').then(([code]: unknown[]) => {
    children.delete(child);
    return Object.assign(ran, { code: code as number | null });
  });
  return { ran, exit, stop: () => child.kill('SIGTERM') };
}

async function fibbars(...args: string[]): Promise<Record<string, unknown>> {
  const ran = await start('fibbars', [...args, '--json']).exit;
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(ran.stdout) as Record<string, unknown>;
}

test('every program does its work alone in its folder, and leaves nothing there', async () => {
  expect(await fibbars('migrate')).toMatchObject({ from: 0, to: knownSchemaVersion });
  const { variables } = await fibbars('cloud-init');
  settings = { ...settings, ...(variables as Record<string, string>) };

  const dispatcher = start('dispatcher');
  const subscriber = start('subscriber');
  const { path, days } = await writeDayFiles(join(scratch, 'days'), { days: 22, symbols: ['AAPL', 'S001'] });
  expect(await start('fetcher', ['--source', 'flatfiles', '--path', path]).exit).toMatchObject({
    code: 0,
    stderr: '',
  });
  await vi.waitFor(
    () => expect(subscriber.ran.stdout).toContain(`completed AAPL 21d ${days[0]} … ${days[20]}`),
    { timeout: 120_000 },
  );
  await vi.waitFor(
    async () => {
      const rows = await database.db.query(
        `select (select count(*)::int from ops.invalidation) as invalidations,
                (select count(*)::int from ops.outbox where published_at is null) as events,
                (select count(*)::int from ops.job where outcome is distinct from 'succeeded') as jobs`,
      );
      expect(rows).toEqual([{ invalidations: 0, events: 0, jobs: 0 }]);
    },
    { timeout: 60_000, interval: 50 },
  );
  await expectSilverIsRight(database.db);
  expect(await database.db.query('select count(*)::int as bars from silver_21d')).toEqual([{ bars: 4 }]);
  expect(await fibbars('verify')).toMatchObject({ differences: [] });

  for (const service of [dispatcher, subscriber]) {
    service.stop();
    expect(await service.exit).toMatchObject({ code: 0, stderr: '' });
  }
  for (const program of Object.keys(programs) as Program[]) {
    expect(await readdir(folderOf(program))).toEqual([program]);
  }
}, 300_000);

test('a job without arguments, and a service without settings, name what is missing', async () => {
  settings = { LOG_LEVEL: 'fatal' };
  for (const program of ['dispatcher', 'subscriber', 'resampler', 'fetcher'] as const) {
    const ran = await start(program).exit;
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/DATABASE_URL|--job|MASSIVE_API_KEY/);
  }
});
