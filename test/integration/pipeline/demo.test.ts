import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSilverIsRight } from '../../support/silver-definition.ts';
import { createWorkspace, type Ran, type Workspace } from './workspace.ts';

let workspace: Workspace;
let first: Ran;
beforeAll(async () => {
  workspace = await createWorkspace();
  first = await workspace.run(['demo', '--json']);
}, 180_000);
afterAll(() => workspace.remove(), 60_000);

type Summary = {
  bronze: { bars: number; symbols: number; tradingDays: number; ingestedDays: number };
  events: { barsIngested: number };
  jobs: { submitted: number; succeeded: number; failed: number };
  silver: { days: number; bars: number }[];
  verify: { rows: number; differences: number };
  heard: { bars: number; last: string | null };
  nothingToDo: boolean;
};

test('the demo ends well, and stdout is its summary alone', () => {
  expect(first.stderr).toBe('');
  expect(first.code).toBe(0);
  const summary = JSON.parse(first.stdout) as Summary;
  expect(summary).toMatchObject({
    bronze: { bars: 6365, symbols: 2, tradingDays: 5105, ingestedDays: 5105 },
    events: { barsIngested: 5105 },
    jobs: { failed: 0 },
    silver: [
      { days: 3, bars: 2122 },
      { days: 5, bars: 1273 },
      { days: 8, bars: 797 },
      { days: 13, bars: 490 },
      { days: 21, bars: 304 },
      { days: 34, bars: 189 },
    ],
    verify: { rows: 5175, differences: 0 },
    nothingToDo: false,
  });
  expect(summary.jobs.submitted).toBe(summary.jobs.succeeded);
  expect(summary.jobs.submitted).toBeGreaterThan(0);
});

test('the example subscriber hears each of the 60 completed 21-day bars of AAPL once', () => {
  const { heard } = JSON.parse(first.stdout) as Summary;
  expect(heard).toEqual({ bars: 60, last: '2018-05-11' });
});

test('one BarsIngested is told for each trading day, and nothing is left to do', async () => {
  await workspace.look(async (db) => {
    const rows = await db.query(
      `select (select count(*)::int from ops.change where kind = 'ingest') as changes,
              (select count(distinct trading_day)::int from ops.change) as days,
              (select count(*)::int from ops.outbox where detail_type = 'BarsIngested') as events,
              (select count(*)::int from ops.outbox where published_at is null) as unpublished,
              (select count(*)::int from ops.change join ops.outbox using (event_id)) as told,
              (select count(*)::int from ops.invalidation) as invalidations,
              (select count(*)::int from ops.job where finished_at is null or outcome = 'failed') as jobs`,
    );
    expect(rows).toEqual([
      { changes: 5105, days: 5105, events: 5105, unpublished: 0, told: 5105, invalidations: 0, jobs: 0 },
    ]);
    await expectSilverIsRight(db);
  });
});

test.for([
  ['AAPL', 3, 420],
  ['AAPL', 5, 252],
  ['AAPL', 8, 158],
  ['AAPL', 13, 97],
  ['AAPL', 21, 60],
  ['AAPL', 34, 38],
  ['SPX', 34, 151],
] as const)(
  '`bars %s %i --format csv` has %i bars, as computed from the text of the sample',
  async ([symbol, days, count]) => {
    const { code, stdout, stderr } = await workspace.run(['bars', symbol, String(days), '--format', 'csv']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const [header, ...lines] = stdout.trimEnd().split('\n');
    expect(header).toBe('symbol,start_date,end_date,open,high,low,close,volume,bar_count');
    expect(lines).toHaveLength(count);
    expect(lines).toEqual(await computeBars(symbol, days));
  },
);

/** The definition, over the text of the package's file: no number is parsed but to compare. */
async function computeBars(symbol: 'AAPL' | 'SPX', days: number): Promise<string[]> {
  const file =
    symbol === 'AAPL'
      ? createRequire(import.meta.url).resolve('@observablehq/sample-datasets/aapl.csv')
      : join(dirname(fileURLToPath(import.meta.resolve('vega-datasets'))), '..', 'data', 'sp500-2000.csv');
  const rows = (await readFile(file, 'utf8'))
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));
  const bars: string[] = [];
  for (let at = 0; at < rows.length; at += days) {
    const group = rows.slice(at, at + days);
    const column = (index: number) => group.map((row) => row[index] as string);
    const pick = (values: string[], wins: (a: number, b: number) => boolean) =>
      values.reduce((best, value) => (wins(Number(value), Number(best)) ? value : best));
    bars.push(
      [
        symbol,
        column(0)[0],
        column(0).at(-1),
        column(1)[0],
        pick(column(2), (a, b) => a > b),
        pick(column(3), (a, b) => a < b),
        column(4).at(-1),
        column(6).reduce((sum, volume) => sum + BigInt(volume), 0n),
        group.length,
      ].join(','),
    );
  }
  return bars;
}

test('`verify` finds 0 differences', async () => {
  const { code, stdout, stderr } = await workspace.run(['verify', '--json']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, rows: 5175, differing: 0, pending: [] });
});

test('`verify` finds a bar that somebody changed, and says which', async () => {
  const change = (amount: number) =>
    workspace.look((db) =>
      db.query(
        `update silver_21d set close = close + $1::numeric where symbol = 'AAPL' and start_date = '2013-05-13'`,
        [amount],
      ),
    );
  await change(1);
  try {
    const { code, stdout } = await workspace.run(['verify']);
    expect(code).toBe(1);
    expect(stdout).toContain('silver_21d AAPL 2013-05-13: close is 63.514286 instead of 62.514286');
  } finally {
    await change(-1);
  }
});

test('`status`, `migrate` and `bars` write one JSON document', async () => {
  const status = await workspace.run(['status', '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({
    symbols: 2,
    bars: '6365',
    tradingDays: 5105,
    invalidations: 0,
    unpublishedEvents: 0,
    liveJobs: 0,
    failedJobs: 0,
    missingDays: [],
    queues: null,
  });
  const migrated = await workspace.run(['migrate', '--json']);
  expect(JSON.parse(migrated.stdout)).toMatchObject({ applied: [] });
  const bars = await workspace.run(['bars', 'AAPL', '34', '--json', '--complete']);
  const document = JSON.parse(bars.stdout) as { bars: { complete: boolean }[] };
  expect(document.bars).toHaveLength(37);
  expect(document.bars.every(({ complete }) => complete)).toBe(true);
  for (const { code, stderr } of [status, migrated, bars]) {
    expect(stderr).toBe('');
    expect(code).toBe(0);
  }
});

test('an unknown symbol is exit code 1, with words, also as JSON', async () => {
  const words = await workspace.run(['bars', 'aapl', '21']);
  expect(words.code).toBe(1);
  expect(words.stderr).toContain('Nothing is stored for "aapl"; there is AAPL');
  expect((await workspace.run(['bars', 'NONE', '21', '--json'])).code).toBe(1);
});

test('an interval without a table is exit code 2 and names those there are, also as JSON', async () => {
  const { code, stdout } = await workspace.run(['bars', 'AAPL', '4', '--json']);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toEqual({
    error: 'there are no bars of 4 days: choose 1, 3, 5, 8, 13, 21, 34',
  });
});

test('a second demo finds nothing to do, and says so', async () => {
  const { code, stdout, stderr } = await workspace.run(['demo']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toContain('nothing to do, all 5,105 trading days are in already');
  expect(stdout).toContain('every bar recomputed from bronze: 0 differences');
  expect(stdout).not.toContain('BarsIngested');
  const rows = await workspace.look((db) => db.query('select count(*)::int as changes from ops.change'));
  expect(rows).toEqual([{ changes: 5105 }]);
});

test('after the commands no process of theirs is left', async () => {
  expect(await workspace.processes()).toEqual([]);
});
