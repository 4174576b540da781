/** The dashboard of a pipeline elsewhere, signed in as a role that may read, and what it leaves alone. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Bars, Day, Pipeline } from '../../../services/dashboard/api.ts';
import { readOnly } from '../../../services/dashboard/reads/read-only.ts';
import { openDatabase } from '../../../services/shared/database.ts';
import { type CommandBench, startCommandBench } from '../commands/command-bench.ts';
import { createWorkspace, type Workspace } from '../pipeline/workspace.ts';
import { deliver, raw, serve } from './dashboard-bench.ts';
import { listen, until } from './event-stream.ts';

const role = `fibbars_${randomBytes(4).toString('hex')}_reader`;
let bench: CommandBench;
let readerUrl: string;
let workspace: Workspace;

beforeAll(async () => {
  bench = await startCommandBench();
  await deliver(bench.db, '2024-01-02', [{ symbol: 'AAPL' }, { symbol: 'AGM/A' }]);
  await bench.resample();
  // As grantTables gives it.
  await bench.db.query(
    `create role ${role} login password 'test';
     grant usage on schema ops, public to ${role};
     grant select on all tables in schema public, ops to ${role}`,
  );
  const url = new URL(bench.url);
  [url.username, url.password] = [role, 'test'];
  readerUrl = url.href;
  workspace = await createWorkspace();
});
afterAll(async () => {
  await workspace.remove();
  await bench.drop();
  const admin = openDatabase({ connectionString: inject('postgres').adminUrl });
  await admin.query(`drop role ${role}`);
  await admin.close();
});

test('a role that may only read is enough for every route and for live events', async () => {
  const { url, json, session } = await serve(readerUrl);
  expect(await session()).toMatchObject({ symbols: 2, local: false, token: null });
  expect(await json<Bars>('/api/bars?symbol=AGM%2FA&interval=3')).toMatchObject({ bars: [{ count: 1 }] });
  expect(await json<Bars>('/api/bars?symbol=AAPL&interval=1')).toMatchObject({ bars: [{ open: '10' }] });
  expect(await json('/api/group?symbol=AAPL&interval=34&start=2024-01-02')).toHaveLength(1);
  expect(await json<Day[]>('/api/days?from=2024-01-02&through=2024-01-02')).toMatchObject([
    { state: 'complete' },
  ]);
  expect(await json<Pipeline>('/api/pipeline')).toMatchObject({ bronze: { bars: 2 }, queue: null });
  expect((await raw(url, { path: '/api/bars.csv?symbol=AAPL&interval=3' })).status).toBe(200);
  const [change] = await bench.db.query<{ id: string }>('select correlation_id as id from ops.change');
  expect(await json(`/api/trace?id=${change?.id}`)).toMatchObject({ id: change?.id });
  const stream = listen(url);
  await stream.opened;
  await deliver(bench.db, '2024-01-03', [{ symbol: 'AAPL' }]);
  await bench.resample();
  await until(() => stream.of('silver').length === 6);
});

test('it refuses to act, and says where that is done', async () => {
  const { url } = await serve(readerUrl);
  for (const path of ['/api/acts', '/api/acts/x/stop']) {
    const answer = await raw(url, {
      path,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-fibbars-token': 'x' },
      body: '{"kind":"redrive"}',
    });
    expect(answer).toMatchObject({
      status: 403,
      body: expect.stringContaining('act with `fibbars replay`, `redrive` or `verify` where it runs'),
    });
  }
  expect((await raw(url, { path: '/api/acts' })).body).toBe('[]');
});

test('whoever it signs in as, its transactions cannot write', async () => {
  const read = readOnly(bench.db);
  for (const statement of [
    'delete from raw_ohlcv',
    `update ops.symbol set source = 'x'`,
    `select nextval('ops.silver_sequence')`,
    'create table mine (id integer)',
  ]) {
    await expect(read((client) => client.query(statement))).rejects.toThrow(/read-only transaction/);
  }
});

test('`fibbars dashboard` shows the database of DATABASE_URL until Ctrl-C', async () => {
  const running = workspace.start(['dashboard', '--json'], { DATABASE_URL: readerUrl });
  await until(() => running.stdout().includes('}') || running.hasEnded());
  expect(running.stderr()).toBe('');
  const { dashboard } = JSON.parse(running.stdout()) as { dashboard: string };
  expect(dashboard).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const answer = await fetch(new URL('/api/session', dashboard));
  expect(await answer.json()).toMatchObject({ symbols: 2, local: false });
  const stream = listen(dashboard);
  await stream.opened;
  running.signal('SIGINT');
  expect(await running.exit).toMatchObject({ code: 0, stderr: '' });
  await stream.ended;
});

test('`fibbars dashboard` where nothing is says how to fill it', async () => {
  const { code, stderr } = await workspace.run(['dashboard'], { DATABASE_URL: undefined });
  expect(code).toBe(1);
  expect(stderr).toContain('There is no data in');
});
