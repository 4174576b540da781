/** `up` with a backfill going through it, stopped again and again, each time further on, and started again. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DayFiles, symbolNames, writeDayFiles } from './day-files.ts';
import { expectAllDone } from './expect-all-done.ts';
import { daysIn, type Moment, waitFor } from './moments.ts';
import { createWorkspace, type Running, type Workspace } from './workspace.ts';

const [dayCount, symbolCount] = [130, 100];

let workspace: Workspace;
let files: DayFiles;
beforeAll(async () => {
  workspace = await createWorkspace();
  files = await writeDayFiles(join(workspace.scratch, 'day-files'), {
    days: dayCount,
    symbols: symbolNames(symbolCount),
  });
});
afterAll(() => workspace.remove(), 60_000);

const backfill = () => ['backfill', '--source', 'flatfiles', '--path', files.path, '--json'];
const isUp: Moment = { when: 'select true as reached' };
const stops: readonly (readonly ['SIGINT' | 'SIGTERM' | 'SIGKILL', string, Moment])[] = [
  ['SIGINT', 'while the database is made', { afterMs: 100 }],
  ['SIGKILL', 'while the database starts', { afterMs: 300 }],
  ['SIGTERM', 'as soon as it is up', isUp],
  ['SIGKILL', 'after 10 days', daysIn(10)],
  ['SIGINT', 'after 30 days', daysIn(30)],
  ['SIGTERM', 'after 50 days', daysIn(50)],
  ['SIGKILL', 'after 70 days', daysIn(70)],
  ['SIGINT', 'after 90 days', daysIn(90)],
  ['SIGTERM', 'when all days are in', daysIn(dayCount)],
  ['SIGKILL', 'when all days are in', daysIn(dayCount)],
];

for (const [signal, words, moment] of stops) {
  test(`${signal} ${words} leaves a folder that the next \`up\` takes up`, { timeout: 240_000 }, async () => {
    const running = workspace.start(['up']);
    let filling: Running | undefined;
    if ('when' in moment && moment !== isUp) {
      expect(await waitFor(workspace, running, isUp)).toBe(true);
      filling = workspace.start(backfill());
    }
    expect(await waitFor(workspace, running, moment)).toBe(true);
    const stoppedAt = Date.now();
    // It would go on as long as there is a database: this is about `up`.
    filling?.signal('SIGKILL');
    running.signal(signal);
    const { code, stderr } = await running.exit;
    const tookMs = Date.now() - stoppedAt;
    await filling?.exit;
    if (signal === 'SIGKILL') return;
    expect(stderr).toBe('');
    // Before it is up there is nothing to end well.
    expect('when' in moment ? [0] : [0, 130]).toContain(code);
    expect(tookMs).toBeLessThan(25_000);
    expect(await workspace.processes()).toEqual([]);
  });
}

test('the last `up` brings silver to its end, with every event told', { timeout: 240_000 }, async () => {
  const running = workspace.start(['up']);
  expect(await waitFor(workspace, running, isUp)).toBe(true);
  const { code, stderr } = await workspace.run(backfill());
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const drained = `select not exists (select from ops.invalidation) and not exists (select from ops.job where finished_at is null)
                      and not exists (select from ops.outbox where published_at is null) as reached`;
  expect(await waitFor(workspace, running, { when: drained })).toBe(true);
  // While it runs the others work beside it.
  const [verified, status, bars] = await Promise.all([
    workspace.run(['verify', '--json']),
    workspace.run(['status', '--json']),
    workspace.run(['bars', 'AAPL', '21', '--format', 'csv']),
  ]);
  expect(verified).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(status.stdout)).toMatchObject({ tradingDays: dayCount, queues: { deadLetters: 0 } });
  expect(bars.stdout.trimEnd().split('\n')).toHaveLength(1 + Math.ceil(dayCount / 21));
  running.signal('SIGINT');
  expect(await running.exit).toMatchObject({ code: 0, stderr: '' });
  await expectAllDone(workspace, { days: dayCount, bars: dayCount * symbolCount });
  expect(await workspace.processes()).toEqual([]);
});
