/** The programs, each signed in as its role, as they run in a deployment; and what the roles may not. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { migrateWithRoles } from '../../services/cli/commands/migrate-with-roles.ts';
import { createOutput } from '../../services/cli/output.ts';
import { type Database, openDatabase } from '../../services/shared/database.ts';
import { migrate } from '../../sql/migrate.ts';
import { createRoles, ForeignTablesError, type Role } from '../../sql/roles.ts';
import { knownSchemaVersion } from '../../sql/schema-version.ts';
import { createTestDatabase, type TestDatabase } from '../support/create-test-database.ts';
import { ordinaryMarket, startScriptedMassive } from '../support/scripted-massive.ts';
import { expectSilverIsRight } from '../support/silver-definition.ts';
import { writeDayFiles } from './pipeline/day-files.ts';
import { createWorkspace, type Running, type Workspace } from './pipeline/workspace.ts';

const prefix = `fibbars_${randomBytes(4).toString('hex')}_`;
const roles = ['migrator', 'fetcher', 'dispatcher', 'resampler', 'reader'] as const satisfies Role[];
const master = `${prefix}master`;

let database: TestDatabase;
/** Whether this server had RDS's role before. */
let hadRdsIam: boolean;

const output = createOutput({ json: false, onError: () => {} }, process.stderr);
const urlOf = (name: string) => {
  const url = new URL(database.url);
  [url.username, url.password] = [name, 'test'];
  return url.href;
};
const deploy = (intervals: readonly number[] = [3, 5, 8, 13, 21, 34]) =>
  migrateWithRoles({ databaseUrl: urlOf(master), output }, intervals, { prefix });

beforeAll(async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  database = await createTestDatabase({ empty: true });
  const [found] = await database.db.query(`select from pg_roles where rolname = 'rds_iam'`);
  hadRdsIam = found !== undefined;
  if (!hadRdsIam) await database.db.query('create role rds_iam');
  // As the master user of RDS is: no superuser, but it owns the database and makes roles.
  const [here] = await database.db.query<{ name: string }>('select current_database() as name');
  await database.db.query(
    `create role ${master} login createrole password 'test';
     grant rds_iam to ${master} with admin option;
     alter database ${here?.name} owner to ${master}`,
  );
  await deploy();
  for (const role of roles) await database.db.query(`alter role ${prefix}${role} password 'test'`);
});
afterAll(async () => {
  await database.drop();
  const admin = openDatabase({ connectionString: inject('postgres').adminUrl });
  for (const role of [...roles.map((name) => prefix + name), master]) await admin.query(`drop role ${role}`);
  if (!hadRdsIam) await admin.query('drop role rds_iam');
  await admin.close();
});

async function as<T>(role: Role, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase({ connectionString: urlOf(prefix + role), connectPatienceMs: 0 });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

test('the tables are the migrator’s, the roles sign in by IAM, and a second deployment changes nothing', async () => {
  const state = () =>
    database.db.query(
      `select relname, pg_get_userbyid(relowner) as owner, relacl::text from pg_class
        where relnamespace in ('public'::regnamespace, 'ops'::regnamespace) and relkind in ('r', 'S') order by relname`,
    );
  const before = await state();
  expect(new Set(before.map(({ owner }) => owner as string))).toEqual(new Set([`${prefix}migrator`]));
  await deploy();
  expect(await state()).toEqual(before);
  const members = await database.db.query<{ role: string }>(
    `select member::regrole::text as role from pg_auth_members where roleid = 'rds_iam'::regrole order by 1`,
  );
  expect(members.map(({ role }) => role)).toEqual(expect.arrayContaining(roles.map((role) => prefix + role)));
});

test('a right that was given by hand is taken back by the next deployment', async () => {
  await as('migrator', (db) => db.query(`grant delete on ops.change to ${prefix}reader`));
  await deploy();
  const [row] = await database.db.query(
    `select has_table_privilege('${prefix}reader', 'ops.change', 'delete') as may`,
  );
  expect(row).toEqual({ may: false });
});

test('tables of another owner are refused with what to do', async () => {
  const other = await createTestDatabase({ empty: true });
  try {
    await other.db.withClient(migrate);
    const creating = other.db.withClient((client) => createRoles(client, { prefix }));
    await expect(creating).rejects.toThrow(ForeignTablesError);
    await expect(creating).rejects.toThrow(/reassign owned by/);
  } finally {
    await other.drop();
  }
});

describe('what a role may not', () => {
  test.each<[Role, string]>([
    ['reader', 'delete from raw_ohlcv'],
    ['reader', 'update silver_3d set volume = 0'],
    ['reader', `insert into ops.setting values ('adjustment', 'none')`],
    ['reader', 'create table mine (id integer)'],
    ['fetcher', 'update silver_3d set volume = 0'],
    ['fetcher', 'delete from ops.invalidation'],
    ['fetcher', 'create table public.mine (id integer)'],
    ['fetcher', 'select * from ops.consumed'],
    ['dispatcher', 'delete from raw_ohlcv'],
    ['dispatcher', 'delete from ops.job'],
    ['dispatcher', 'select * from silver_3d'],
    ['resampler', 'delete from raw_ohlcv'],
    ['resampler', 'update ops.split set split_to = 2'],
    ['resampler', 'alter table silver_3d add column mine integer'],
    ['resampler', 'select ops.add_interval(89)'],
    ['migrator', 'create role mine'],
  ])('%s: %s', async (role, statement) => {
    await expect(as(role, (db) => db.query(statement))).rejects.toMatchObject({ code: '42501' });
  });

  test('the reader reads everything', async () => {
    const tables = await database.db.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'ops')`,
    );
    expect(tables.length).toBeGreaterThan(15);
    await as('reader', async (db) => {
      for (const { name } of tables) await db.query(`select from ${name} limit 1`);
    });
  });
});

describe('what a role may', () => {
  let workspace: Workspace;
  let variables: Record<string, string>;
  let dispatcher: Running;
  let subscriber: Running;

  beforeAll(async () => {
    workspace = await createWorkspace();
    const settings = { LOG_LEVEL: 'warn' };
    // Its jobs are told the address that it has.
    const cloud = workspace.startService('local', ['--directory', join(workspace.scratch, 'cloud')], {
      ...settings,
      DATABASE_URL: urlOf(`${prefix}resampler`),
    });
    await vi.waitFor(() => expect(cloud.stdout()).toMatch(/^http.*\n/), { timeout: 60_000 });
    const AWS_ENDPOINT_URL = cloud.stdout().trim();
    const initialised = await workspace.run(['cloud-init', '--json'], { AWS_ENDPOINT_URL });
    const document = JSON.parse(initialised.stdout) as { variables: Record<string, string> };
    variables = { ...settings, ...document.variables };
    dispatcher = workspace.startService('dispatcher', [], {
      ...variables,
      DATABASE_URL: urlOf(`${prefix}dispatcher`),
    });
    subscriber = workspace.startService('subscriber', [], {
      ...variables,
      DATABASE_URL: urlOf(`${prefix}reader`),
    });
  }, 120_000);
  afterAll(() => workspace.remove(), 60_000);

  async function fetch(args: readonly string[], more: Record<string, string> = {}): Promise<void> {
    const fetcher = workspace.startService('fetcher', args, {
      ...variables,
      ...more,
      DATABASE_URL: urlOf(`${prefix}fetcher`),
    });
    expect(await fetcher.exit).toMatchObject({ code: 0, stderr: '' });
  }

  async function fibbars(...args: string[]): Promise<void> {
    const ran = await workspace.run([...args, '--json'], {
      ...variables,
      DATABASE_URL: urlOf(`${prefix}migrator`),
    });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
  }

  async function expectSilverInTheEnd(): Promise<void> {
    await vi.waitFor(
      async () => {
        const rows = await database.db.query(
          `select (select count(*)::int from ops.invalidation) as invalidations,
                  (select count(*)::int from ops.outbox where published_at is null) as events,
                  (select count(*)::int from ops.job where outcome is distinct from 'succeeded') as jobs`,
        );
        expect(rows).toEqual([{ invalidations: 0, events: 0, jobs: 0 }]);
      },
      { timeout: 120_000, interval: 100 },
    );
    await as('migrator', async (db) => await expectSilverIsRight(db));
  }

  test('fetch history with garbage, corrected and pruned, and have it resampled and heard of', async () => {
    const path = join(workspace.scratch, 'days');
    const { days } = await writeDayFiles(path, { days: 24, symbols: ['AAPL', 'S001', 'S002', 'S003'] });
    await fetch(['--source', 'flatfiles', '--path', path]);
    await vi.waitFor(() => expect(subscriber.stdout()).toContain(`completed AAPL 21d ${days[0]}`), {
      timeout: 120_000,
    });
    const header = 'ticker,volume,open,close,high,low,window_start,transactions';
    const stamp = `${Date.parse(`${days[9]}T05:00:00Z`)}000000`;
    await writeFile(
      join(path, `${days[9]}.csv`),
      [
        header,
        `AAPL,5,1,2,3,1,${stamp},1`,
        `S001,5,1,2,3,1,${stamp},1`,
        `S002,-5,1,2,3,1,${stamp},1`,
        '',
      ].join('\n'),
    );
    await fetch(['--source', 'flatfiles', '--path', path, '--prune']);
    await expectSilverInTheEnd();
    expect(await database.db.query('select reason from ops.quarantine')).toEqual([
      { reason: 'negative_volume' },
    ]);
  }, 300_000);

  test('fetch a night with a split', async () => {
    const massive = await startScriptedMassive();
    massive.script((request) =>
      request.path === '/stocks/v1/splits'
        ? {
            body: {
              status: 'OK',
              results: [{ ticker: 'AAPL', execution_date: '2026-01-05', split_from: 1, split_to: 4 }],
            },
          }
        : ordinaryMarket(request),
    );
    try {
      await fetch([], {
        MASSIVE_BASE_URL: massive.baseUrl,
        MASSIVE_API_KEY: 'key',
        MASSIVE_CALLS_PER_MINUTE: '100000',
        FIBONACCI_LOOKBACK_DAYS: '5',
      });
    } finally {
      await massive.close();
    }
    await expectSilverInTheEnd();
  }, 300_000);

  test('an operator adds an interval, whose table the programs may use at once', async () => {
    await fibbars('intervals', 'add', '4');
    await expectSilverInTheEnd();
    await fibbars('verify');
  }, 300_000);

  test('a deployment adds an interval, which is filled when the pipeline next starts', async () => {
    await deploy([3, 5, 8, 13, 21, 34, 55]);
    dispatcher.signal('SIGTERM');
    expect(await dispatcher.exit).toMatchObject({ code: 0, stderr: '' });
    dispatcher = workspace.startService('dispatcher', [], {
      ...variables,
      DATABASE_URL: urlOf(`${prefix}dispatcher`),
    });
    await expectSilverInTheEnd();
    expect(await as('reader', (db) => db.query('select count(*) > 0 as filled from silver_55d'))).toEqual([
      { filled: true },
    ]);
  }, 300_000);
});

test('--roles without a database of one’s own is a wrong usage, and so are intervals without it', async () => {
  const workspace = await createWorkspace();
  try {
    const nowhere = { DATABASE_URL: undefined };
    const alone = await workspace.run(['migrate', '--roles'], nowhere);
    expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining('DATABASE_URL') });
    const intervals = await workspace.run(['migrate', '--intervals', '3,5'], nowhere);
    expect(intervals).toMatchObject({ code: 2, stderr: expect.stringContaining('--roles') });
  } finally {
    await workspace.remove();
  }
});

test('the version is the one that the programs know', async () => {
  expect(await as('reader', (db) => db.query('select max(version) as version from ops.migration'))).toEqual([
    { version: knownSchemaVersion },
  ]);
});
