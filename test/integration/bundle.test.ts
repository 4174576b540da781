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

/**
 * Node for `#!/usr/bin/env node`; no home, no folder for temporary files. As in a container with a read-only file system, writing to any file
 * is refused: by Node's permission model, so that the test needs no container and may run as root.
 */
const bare = {
  PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
  HOME: '/nonexistent',
  TMPDIR: '/nonexistent',
  // Workers get the same permissions; that warning is for programs that are not trusted.
  NODE_OPTIONS: '--permission --allow-fs-read=* --allow-worker --disable-warning=PERM0006',
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

test('a file is refused to them, so that the tests above would fail if one were written', async () => {
  const script = `require('node:fs').writeFileSync(${JSON.stringify(join(scratch, 'written'))}, 'x')`;
  const child = spawn(process.execPath, ['--eval', script], {
    env: bare,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('ERR_ACCESS_DENIED') });
});

test('a fetcher that is told to stop ends in time with whole days, and the next one goes on', async () => {
  const { path, days } = await writeDayFiles(join(scratch, 'more-days'), {
    days: 120,
    symbols: Array.from({ length: 200 }, (_, at) => `T${at}`),
    from: '2020-01-02',
  });
  const taken = async () => {
    const [row] = await database.db.query<{ days: number }>(
      `select count(*)::int as days from ops.trading_day where trading_day between $1 and $2`,
      [days[0], days.at(-1)],
    );
    return row?.days ?? 0;
  };
  const fetcher = start('fetcher', ['--source', 'flatfiles', '--path', path]);
  await vi.waitFor(async () => expect(await taken()).toBeGreaterThan(0), { timeout: 60_000, interval: 5 });
  const stoppedMs = performance.now();
  fetcher.stop();
  expect(await fetcher.exit).toMatchObject({ code: 1 });
  // Fargate Spot kills 30 seconds after it asks.
  expect(performance.now() - stoppedMs).toBeLessThan(20_000);
  expect(await taken()).toBeLessThan(days.length);
  expect(await start('fetcher', ['--source', 'flatfiles', '--path', path]).exit).toMatchObject({ code: 0 });
  expect(await taken()).toBe(days.length);
}, 120_000);

test('a job without arguments, and a service without settings, name what is missing', async () => {
  settings = { LOG_LEVEL: 'fatal' };
  for (const program of ['dispatcher', 'subscriber', 'resampler', 'fetcher'] as const) {
    const ran = await start(program).exit;
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/DATABASE_URL|--job|MASSIVE_API_KEY/);
  }
});
