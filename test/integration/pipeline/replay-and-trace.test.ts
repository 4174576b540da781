/** The real program: a replay from bronze, one of the archive, and the path of each, also in the logs. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSilverIsRight } from '../../support/silver-definition.ts';
import { writeDayFiles } from './day-files.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

let workspace: Workspace;
let days: readonly string[];
let backfilled: string;
let stderr: string;
beforeAll(async () => {
  workspace = await createWorkspace();
  const files = await writeDayFiles(join(workspace.scratch, 'days'), { days: 24, symbols: ['AAPL', 'S001'] });
  days = files.days;
  const args = ['backfill', '--source', 'flatfiles', '--path', files.path, '--json'];
  const ran = await workspace.run(args, { LOG_LEVEL: 'info' });
  expect(ran.code).toBe(0);
  ({ stderr } = ran);
  backfilled = (JSON.parse(ran.stdout) as { correlationId: string }).correlationId;
}, 120_000);
afterAll(() => workspace.remove(), 60_000);

async function document(...args: string[]): Promise<Document> {
  const ran = await workspace.run([...args, '--json']);
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(ran.stdout) as Document;
}

type Document = {
  id: string;
  changes: { eventId: string; publishedAt: string | null; occurredAt: string }[];
  jobs: { id: string; outcome: string; batchJobId: string }[];
  runs: { id: string; jobId: string; changedRows: number }[];
  events: { runId: string; cause: string; interval: number; publishedAt: string | null }[];
};

test('`trace` tells the path of a backfill, and the logs bear its id', async () => {
  const traced = await document('trace', backfilled);
  expect(traced.changes).toHaveLength(24);
  expect(traced.jobs.length).toBeGreaterThan(0);
  for (const job of traced.jobs)
    expect(job).toMatchObject({ outcome: 'succeeded', correlationId: backfilled });
  const jobIds = traced.jobs.map(({ id }) => id);
  const runIds = traced.runs.map(({ id }) => id);
  for (const run of traced.runs) expect(jobIds).toContain(run.jobId);
  for (const event of traced.events) {
    expect(runIds).toContain(event.runId);
    expect(event).toMatchObject({ cause: 'backfill', publishedAt: expect.any(String) });
  }
  expect(new Set(traced.events.map(({ interval }) => interval))).toEqual(new Set([3, 5, 8, 13, 21, 34]));
  // From the id of an event it is the same.
  expect(await document('trace', traced.changes[5]?.eventId ?? '')).toEqual(traced);

  const submitted = lines(stderr).filter(({ msg }) => /^(Job submitted|Added to a job)/.test(msg));
  const jobs = globSync('cloud/job-logs/**/*', { cwd: workspace.folder, withFileTypes: true })
    .filter((file) => file.isFile())
    .flatMap((file) => lines(readFileSync(join(file.parentPath, file.name), 'utf8')))
    .filter(({ msg }) => /^(chunk is resampled|job is done)/.test(msg));
  const heard = lines(stderr).filter(({ msg }) => msg === 'bars were completed');
  for (const found of [submitted, jobs, heard]) {
    expect(found.length).toBeGreaterThan(0);
    for (const line of found) expect(line.correlationId).toBe(backfilled);
  }
  // A reader of JSON takes the last of two, or refuses the line.
  for (const line of stderr.split('\n')) expect(line.split('"service":').length).toBeLessThanOrEqual(2);

  const { code, stdout } = await workspace.run(['trace', backfilled]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^change .* ingest of 2016-01-04, from flatfiles, backfill$/m);
  expect(stdout).toMatch(/^event .* BarsIngested [0-9a-f-]{36}$/m);
  expect(stdout).toMatch(/^job .* claimed, 2 symbols$/m);
  expect(stdout).toMatch(/^told .* SilverUpdated 21d, \d+ rows, backfill$/m);
}, 90_000);

test('an id that nobody knows is an exit code of 1, and what is no id one of 2', async () => {
  const unknown = await workspace.run(['trace', '0b3c9d52-6f0e-4a86-9d3c-0c7a5f1f6a77']);
  expect(unknown).toMatchObject({ code: 1, stdout: '' });
  expect(unknown.stderr).toContain('neither a correlation id nor the id of an event');
  expect(await workspace.run(['trace', 'AAPL'])).toMatchObject({ code: 2 });
}, 60_000);

test('`replay` tells of the days again and ends when silver is right; `trace` knows it by its id', async () => {
  await workspace.look((db) => db.query(`update public.silver_5d set volume = volume + 1`));
  const replayed = await document('replay', '--from', days[4] ?? '', '--to', days[13] ?? '');
  expect(replayed).toMatchObject({ days: 10, events: 10, complete: true, unknown: [] });
  const traced = await document('trace', replayed.id);
  expect(traced.changes).toHaveLength(10);
  expect(traced).toMatchObject({ correlationId: replayed.id, pending: 0 });
  for (const { cause } of traced.events) expect(cause).toBe('replay');
  const rest = await document('replay', '--from', '2016-01-01', '--to', '2016-12-31', '--id', replayed.id);
  expect(rest).toMatchObject({ days: 24, events: 14, doneBefore: 10 });
  const range = ['--from', days[4] ?? '', '--to', days[13] ?? ''];
  const other = await workspace.run(['replay', ...range, '--symbols', 'AAPL', '--id', replayed.id]);
  expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('and all symbols, and is asked') });
  await workspace.look(expectSilverIsRight);
}, 120_000);

test('`replay --archive` has the dispatcher hear of all again, to the end', async () => {
  await workspace.look((db) => db.query(`delete from public.silver_8d`));
  const first = new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+/, '');
  const last = new Date(Date.now() + 60_000).toISOString().replace(/\.\d+/, '');
  const replayed = await document('replay', '--archive', '--from', first, '--to', last);
  expect(replayed).toMatchObject({ state: 'COMPLETED', started: true, complete: true });
  await workspace.look(async (db) => {
    await expectSilverIsRight(db);
    expect(await db.query('select * from ops.invalidation')).toEqual([]);
  });
}, 120_000);

test('wrong usage of `replay` is an exit code of 2, and says what it takes', async () => {
  for (const [args, words] of [
    [['--from', '2016-01-04'], '--to'],
    [['--from', 'monday', '--to', '2016-01-05'], '--from is "monday". It takes a calendar date'],
    [['--from', '2016-01-05', '--to', '2016-01-04'], 'is after'],
    [['--archive', '--from', '2016-01-04', '--to', '2016-01-05'], 'It takes an instant'],
  ] as const) {
    const { code, stderr: said } = await workspace.run(['replay', ...args]);
    expect({ code, said }).toEqual({ code: 2, said: expect.stringContaining(words) });
  }
}, 60_000);

function lines(text: string): { msg: string; correlationId?: string }[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { msg: string; correlationId?: string });
}
