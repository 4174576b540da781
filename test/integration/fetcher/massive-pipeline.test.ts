/** The real programs, from the API's answers to silver. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { topology } from '../../../infra/topology.ts';
import { readPublished } from '../../../services/local/runtime-file.ts';
import { latestClosedSession, sessionsBetween } from '../../../services/shared/calendar/sessions.ts';
import {
  groupedBody,
  groupedDay,
  type MassiveRequest,
  marketOf,
  ordinaryMarket,
  type ScriptedMassive,
  startScriptedMassive,
} from '../../support/scripted-massive.ts';
import { expectAllDone } from '../pipeline/expect-all-done.ts';
import { daysIn, waitFor } from '../pipeline/moments.ts';
import { createWorkspace, reaches, type Workspace } from '../pipeline/workspace.ts';

const key = 'hush-hush-0123456789';
const history = sessionsBetween('2024-05-01', '2024-07-31');

let workspace: Workspace;
let massive: ScriptedMassive;
let settings: Record<string, string>;
beforeAll(async () => {
  workspace = await createWorkspace();
  massive = await startScriptedMassive();
  settings = {
    MASSIVE_BASE_URL: massive.baseUrl,
    MASSIVE_API_KEY: key,
    MASSIVE_CALLS_PER_MINUTE: '100000',
    FIBONACCI_LOOKBACK_DAYS: '7',
  };
});
afterAll(async () => {
  await workspace.remove();
  await massive.close();
}, 60_000);
beforeEach(() => {
  massive.requests.length = 0;
  massive.script(withSplit);
});

const split = { ticker: 'AAPL', execution_date: '2024-06-10', split_from: 1, split_to: 10 };
const withSplit = (request: MassiveRequest) =>
  request.path === '/stocks/v1/splits'
    ? { body: { status: 'OK', results: [split, split] } }
    : ordinaryMarket(request);

const asked = () => massive.requests.map(groupedDay).filter((day) => day !== undefined);
/** As expectAllDone counts them. */
async function stored(): Promise<{ days: number; bars: number }> {
  return await workspace.look(async (db) => {
    const [row] = await db.query<{ days: number; bars: number }>(
      `select (select count(*)::int from ops.change where kind = 'ingest') as days,
              (select count(*)::int from raw_ohlcv) as bars`,
    );
    return row ?? { days: 0, bars: 0 };
  });
}

/** Runs a command with --json, and expects that nothing it says has the key. */
async function run(args: readonly string[], more: Record<string, string> = {}) {
  const ran = await workspace.run([...args, '--json'], { ...settings, ...more });
  expect(ran.stdout + ran.stderr).not.toContain(key);
  return { ...ran, document: JSON.parse(ran.stdout) as Record<string, unknown> };
}

const backfill = ['backfill', '--source', 'massive', '--from', '2024-05-01', '--to', '2024-07-31'];

test('a backfill that Ctrl-C ended goes on where it was, to silver that knows the split', {
  timeout: 240_000,
}, async () => {
  const few = { ...settings, MASSIVE_CALLS_PER_MINUTE: '12' };
  const running = workspace.start([...backfill, '--json'], few);
  expect(await waitFor(workspace, running, daysIn(11))).toBe(true);
  running.signal('SIGINT');
  const { code, stdout, stderr } = await running.exit;
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const report = JSON.parse(stdout) as { ingested: number };
  expect(report).toMatchObject({ complete: false, failed: [] });
  expect(report.ingested).toBeGreaterThanOrEqual(11);
  expect(report.ingested).toBeLessThan(history.length);
  expect(await workspace.processes()).toEqual([]);

  massive.requests.length = 0;
  const again = await run(backfill);
  expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: '' });
  expect(again.document).toMatchObject({
    skipped: report.ingested,
    ingested: history.length - report.ingested,
    missingDays: [],
    splits: { received: 2, changed: 0, unchanged: 1, error: null },
    complete: true,
  });
  expect(asked()).toHaveLength(history.length - report.ingested);
  await expectAllDone(workspace, { days: history.length, bars: 3 * history.length });
  const adjusted = await workspace.look(
    async (db) =>
      await db.query(
        `select open::text, (select open::text from raw_ohlcv where symbol = 'AAPL' order by date limit 1) as traded
           from silver_3d where symbol = 'AAPL' order by start_date limit 1`,
      ),
  );
  const open = marketOf('2024-05-01').find(({ T }) => T === 'AAPL')?.o ?? 0;
  expect(adjusted).toEqual([{ open: String(open / 10), traded: String(open) }]);
});

test('`fetch --date` takes one day into silver, and the same again writes nothing', {
  timeout: 120_000,
}, async () => {
  const { days, bars } = await stored();
  const first = await run(['fetch', '--date', '2024-08-01']);
  expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: '' });
  expect(first.document).toMatchObject({
    tradingDay: '2024-08-01',
    sessions: ['2024-08-01'],
    barsWritten: 3,
    gaps: [],
    notYet: [],
    splits: { error: null },
  });
  expect(asked()).toEqual(['2024-08-01']);
  expect(await run(['fetch', '--date', '2024-08-01'])).toMatchObject({
    code: 0,
    document: { sessions: ['2024-08-01'], barsWritten: 0 },
  });
  await expectAllDone(workspace, { days: days + 1, bars: bars + 3 });
});

test('`fetch` takes the latest session and the gaps before it', { timeout: 120_000 }, async () => {
  const latest = latestClosedSession(new Date());
  const { code, stderr, document } = await run(['fetch']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(document['sessions']).toContain(latest);
  expect(document).toMatchObject({ failed: [], notYet: [], complete: true });
  expect((document['gaps'] as string[]).length).toBeGreaterThan(1);
  await expectAllDone(workspace, await stored());
});

test('a holiday and a session that has not closed are a line and exit code 0, also without a key', async () => {
  const holiday = await workspace.run(['fetch', '--date', '2025-01-09']);
  expect(holiday).toEqual({
    code: 0,
    stdout: '2025-01-09 is no session of the New York Stock Exchange: nothing to fetch\n',
    stderr: '',
  });
  const later = sessionsBetween(
    new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10),
    '2999-01-01',
  )[0];
  const early = await workspace.run(['fetch', '--date', later ?? ''], settings);
  expect(early).toMatchObject({ code: 0, stderr: '' });
  expect(early.stdout).toContain(`${later} is not published yet`);
  expect(massive.requests).toEqual([]);
});

test.for([
  {
    reply: { status: 401, body: { error: `Unknown API Key ${key}` } },
    words: 'key refused (401 "Unknown API Key ***")',
  },
  {
    reply: { status: 403, body: { message: 'You are not entitled to this data.' } },
    words: 'not entitled (403',
  },
  {
    reply: { status: 403, body: { message: "Your plan doesn't include this data timeframe." } },
    words: 'too old (403',
  },
])('a refusal is exit code 1 and told in its words: $words', async ({ reply, words }) => {
  massive.script((request) => (groupedDay(request) ? reply : ordinaryMarket(request)));
  const { code, document } = await run(['fetch', '--date', '2024-08-02']);
  expect(code).toBe(1);
  expect(document).toMatchObject({ sessions: [], failed: [{ tradingDay: '2024-08-02' }] });
  expect(JSON.stringify(document['failed'])).toContain(words.replaceAll('"', String.raw`\"`));
});

test.for([
  { args: ['fetch'], more: { MASSIVE_API_KEY: '' }, words: 'MASSIVE_API_KEY is not set' },
  { args: ['fetch', '--date', '1989-12-29'], more: {}, words: 'the trading calendar begins in 1990' },
  { args: ['backfill', '--source', 'massive'], more: {}, words: 'needs --from' },
  { args: [...backfill, '--path', 'x'], more: {}, words: '--path is for --source flatfiles' },
  {
    args: ['backfill', '--source', 'massive', '--from', '2025-01-09', '--to', '2025-01-09'],
    more: {},
    words: 'No session of the New York Stock Exchange has closed from 2025-01-09 to 2025-01-09',
  },
  { args: ['status'], more: { FIBONACCI_LOOKBACK_DAYS: 'x' }, words: 'FIBONACCI_LOOKBACK_DAYS is "x"' },
])('wrong usage is exit code 2: $words', async ({ args, more, words }) => {
  const { code, document } = await run(args, more);
  expect(code).toBe(2);
  expect(document['error']).toContain(words);
  expect(massive.requests).toEqual([]);
});

test('a watch list in a file is asked symbol by symbol', { timeout: 120_000 }, async () => {
  const list = join(workspace.scratch, 'watch-list');
  await writeFile(list, 'AAPL\nCpS\n');
  massive.script((request) =>
    request.path.startsWith('/v2/aggs/ticker/')
      ? {
          body: groupedBody(
            ['2024-04-29', '2024-04-30'].map((day) => ({
              ...marketOf(day)[0],
              t: Date.parse(`${day}T04:00:00Z`),
            })),
          ),
        }
      : withSplit(request),
  );
  const args = [
    'backfill',
    '--source',
    'massive',
    '--from',
    '2024-04-25',
    '--to',
    '2024-04-30',
    '--symbols',
    list,
  ];
  expect(await run(args)).toMatchObject({
    code: 0,
    document: { ingested: 2, inserted: 4, failedSymbols: [], complete: true },
  });
  expect(massive.requests.map(({ path }) => path).filter((path) => path.includes('/ticker/'))).toEqual([
    '/v2/aggs/ticker/AAPL/range/1/day/2024-04-25/2024-04-30',
    '/v2/aggs/ticker/CpS/range/1/day/2024-04-25/2024-04-30',
  ]);
  expect(await run(['fetch', '--date', '2024-08-06', '--symbols', list])).toMatchObject({
    code: 0,
    document: { sessions: ['2024-08-06'], inserted: 2, absentSymbols: [] },
  });
});

test('the fetcher service and `fetch` take a night, which the pipeline beside them works in', {
  timeout: 120_000,
}, async () => {
  const up = workspace.start(['up']);
  const published = async () => await readPublished(workspace.folder);
  expect(await reaches(up, async () => (await published())?.awsEndpointUrl !== undefined)).toBe(true);
  const runtime = await published();
  massive.requests.length = 0;
  const fetcher = workspace.startService('fetcher', ['--date', '2024-08-05'], {
    ...settings,
    DATABASE_URL: runtime?.databaseUrl,
    AWS_ENDPOINT_URL: runtime?.awsEndpointUrl,
    FIBBARS_BUS: topology.bus,
    LOG_LEVEL: 'info',
  });
  const ran = await fetcher.exit;
  expect(ran).toMatchObject({ code: 0, stdout: '' });
  expect(ran.stderr).not.toContain(key);
  const lines = ran.stderr.trim().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
    service: 'fetcher',
    msg: 'night taken in',
    sessions: ['2024-08-05'],
    barsWritten: 3,
  });
  const { code, stdout } = await workspace.run(['fetch', '--date', '2024-08-07'], settings);
  expect(code).toBe(0);
  expect(stdout).toContain('The running pipeline works it into silver');
  await vi.waitFor(
    async () => {
      const status = await workspace.run(['status', '--json']);
      expect(JSON.parse(status.stdout)).toMatchObject({
        invalidations: 0,
        liveJobs: 0,
        unpublishedEvents: 0,
      });
    },
    { timeout: 60_000, interval: 300 },
  );
  up.signal('SIGINT');
  expect(await up.exit).toMatchObject({ code: 0 });
  await expectAllDone(workspace, await stored());
});

test('the key is nowhere in the database', async () => {
  await workspace.look(async (db) => {
    const tables = await db.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('ops', 'public')`,
    );
    expect(tables.length).toBeGreaterThan(10);
    for (const { name } of tables) {
      expect(
        await db.query(`select * from ${name} as row where row::text like '%hush-hush%' limit 1`),
      ).toEqual([]);
    }
  });
});
