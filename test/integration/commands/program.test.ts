/** The real program, from its arguments to its exit code: in a pipeline of its own, and beside a running `up`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newYorkInstant } from '../../../services/shared/calendar/new-york.ts';
import { sessionsBetween } from '../../../services/shared/calendar/sessions.ts';
import { expectSilverIsRight } from '../../support/silver-definition.ts';
import { createWorkspace, reaches, type Workspace } from '../pipeline/workspace.ts';

const days = sessionsBetween('2020-07-01', '2020-12-31').slice(0, 70);
const symbols = ['AAPL', 'CPS', 'CpS'];

let workspace: Workspace;
beforeAll(async () => {
  workspace = await createWorkspace();
  const folder = join(workspace.scratch, 'days');
  await mkdir(folder);
  for (const [index, date] of days.entries()) {
    const stamp = BigInt(newYorkInstant(date, '00:00').getTime()) * 1_000_000n;
    const rows = symbols.map(
      (symbol, at) =>
        `${symbol},${1_000 + index},${100 + index},${101 + index + at},${110 + index},${90 + at},${stamp},1`,
    );
    await writeFile(
      join(folder, `${date}.csv`),
      ['ticker,volume,open,close,high,low,window_start,transactions', ...rows, ''].join('\n'),
    );
  }
  const ran = await workspace.run(['backfill', '--source', 'flatfiles', '--path', folder]);
  expect(ran).toMatchObject({ code: 0, stderr: '' });
}, 120_000);
afterAll(() => workspace.remove(), 60_000);

/** Runs a command that takes --json, and expects its exit code and nothing on stderr. */
async function document(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await workspace.run([...args, '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Record<string, unknown>;
}

const done = { complete: true, changeId: expect.any(String) };

test('`delete` ends when silver is right', async () => {
  expect(await document('delete', 'CPS', days[20]!)).toMatchObject({ ...done, deleted: true });
  await workspace.look(async (db) => {
    await expectSilverIsRight(db);
    expect(await db.query('select * from ops.invalidation')).toEqual([]);
  });
  const again = await workspace.run(['delete', 'CPS', days[20]!]);
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toContain(`CPS has no bar on ${days[20]}: nothing was deleted. It has 69 bars`);
});

test('`splits import` adjusts, `list` shows, and `explain` tells of it', async () => {
  const file = join(workspace.scratch, 'splits.csv');
  await writeFile(
    file,
    'ticker,execution_date,split_from,split_to\nAAPL,2020-08-31,1,4\nCpS,2020-08-31,10,1\n',
  );
  expect(await document('splits', 'import', file)).toMatchObject({ ...done, changed: 2, symbols: 2 });
  expect(await document('splits', 'list', 'CpS')).toEqual({
    splits: [{ symbol: 'CpS', exDate: '2020-08-31', splitFrom: '10', splitTo: '1', source: 'cli' }],
  });
  const { stdout, code } = await workspace.run(['explain', 'AAPL', '8', '2020-08-28']);
  expect(code).toBe(0);
  expect(stdout).toContain('prices × 1 / 4');
  expect(stdout).toContain('splits came or went, from cli');
  expect(stdout).toMatch(/run \S+ .* job \S+, succeeded, in Batch/);
  await workspace.look(expectSilverIsRight);
});

test('beside a running `up`, commands work in its pipeline and wait for it', async () => {
  const up = workspace.start(['up', '--json']);
  try {
    expect(await reaches(up, () => Promise.resolve(up.stdout().includes('"state": "up"')))).toBe(true);
    expect(await document('rebuild')).toMatchObject({ ...done, symbols: 3, changedRows: 0, unknown: [] });
    expect(await document('intervals', 'add', '55')).toMatchObject({ ...done, added: true, changedRows: 6 });
    expect(await document('intervals', 'add', '55')).toMatchObject({ added: false });
    await workspace.look((db) =>
      db.query(
        `with change as (insert into ops.change (event_id, kind, cause, source, correlation_id)
           values (gen_random_uuid(), 'rebuild', 'correction', 'test', gen_random_uuid()) returning id)
         insert into ops.invalidation (symbol, from_date, reason, change_id) select 'AAPL', '-infinity', 'rebuild', id from change`,
      ),
    );
    expect(await document('resample', '--pending')).toMatchObject({ pending: 1, left: 0, changedRows: 0 });
    await workspace.look(expectSilverIsRight);
  } finally {
    up.signal('SIGTERM');
    await up.exit;
  }
}, 90_000);

test('`retain` drops the old bars and ends when silver knows; the same again changes nothing, and says so', async () => {
  const from = days[40]!;
  const dropped = { from, symbols: 3, droppedSymbols: 3, droppedBars: 3 * 40 - 1, unknown: [] };
  const gaps = [days[5], days[50]];
  await workspace.look((db) => db.query('delete from ops.trading_day where trading_day = any($1)', [gaps]));
  expect(await document('status')).toMatchObject({
    firstDate: days[0],
    missingDays: gaps,
    retainedFrom: null,
  });
  expect(await document('retain', '--from', from, '--dry-run')).toEqual({ ...dropped, dryRun: true });
  expect(await document('retain', '--from', from)).toMatchObject({ ...dropped, complete: true });
  await workspace.look(async (db) => {
    await expectSilverIsRight(db);
    expect(await db.query('select * from ops.invalidation')).toEqual([]);
  });
  const again = await workspace.run(['retain', '--from', days[20]!]);
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(again.stdout).toBe(
    `Nothing changed: no symbol has bars from before ${days[20]}, and none takes such bars\n`,
  );
  const unknown = await workspace.run(['retain', '--from', days[41]!, '--symbols', 'AAPL,NONE']);
  expect(unknown.code).toBe(1);
  expect(unknown.stdout).toContain(`Dropped 1 bar of 1 symbol, from before ${days[41]}`);
  expect(unknown.stdout).toContain('Nothing is stored for: NONE');
  expect(await document('status')).toMatchObject({
    firstDate: from,
    retainedSymbols: 3,
    retainedFrom: days[41],
    missingDays: [days[50]],
  });
  expect(await document('verify')).toMatchObject({ ok: true, symbols: 3 });
});

test('wrong usage is an exit code of 2, and says what it takes', async () => {
  for (const [args, words] of [
    [['resample'], '--pending'],
    [['intervals', 'add', '1'], '2 to 1000'],
    [['delete', 'CPS', '2020-13-01'], 'YYYY-MM-DD'],
    [['retain'], '--from'],
    [['retain', '--from', '2020-02-30'], 'YYYY-MM-DD'],
    [['retain', '--from', '2999-01-01'], 'a day that has begun'],
    [['explain', 'CPS', '4', '2020-08-28'], 'choose 3, 5, 8, 13, 21, 34'],
  ] as const) {
    const { code, stderr } = await workspace.run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  }
});
