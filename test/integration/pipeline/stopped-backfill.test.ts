/** One backfill of day files that is stopped again and again, each time further on, and started again on what is there. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DayFiles, symbolNames, writeDayFiles } from './day-files.ts';
import { expectAllDone } from './expect-all-done.ts';
import { daysIn, type Moment, waitFor } from './moments.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

const [dayCount, symbolCount] = [130, 150];

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

const drainingWithWork: Moment = {
  when: `select (select count(*) from ops.trading_day) = ${dayCount}
            and (exists (select from ops.invalidation) or exists (select from ops.outbox where published_at is null)
                 or exists (select from ops.job where finished_at is null)) as reached`,
};

const stops: readonly (readonly ['SIGINT' | 'SIGTERM' | 'SIGKILL', string, Moment])[] = [
  ['SIGKILL', 'while the database is made', { afterMs: 50 }],
  ['SIGINT', 'while the database is made', { afterMs: 400 }],
  ['SIGKILL', 'after the first day', daysIn(1)],
  ['SIGTERM', 'after 25 days', daysIn(25)],
  ['SIGINT', 'after 50 days', daysIn(50)],
  ['SIGKILL', 'after 75 days', daysIn(75)],
  ['SIGTERM', 'after 100 days', daysIn(100)],
  ['SIGINT', 'when all days are in but not all bars', drainingWithWork],
  ['SIGTERM', 'when all days are in but not all bars', drainingWithWork],
  ['SIGKILL', 'when all days are in but not all bars', drainingWithWork],
];

for (const [signal, words, moment] of stops) {
  test(`${signal} ${words} leaves a folder that the next backfill takes up`, {
    timeout: 180_000,
  }, async () => {
    const running = workspace.start(backfill());
    if (!(await waitFor(workspace, running, moment))) {
      // The one before it had come to the end: nothing to stop, and all the more to compare below.
      expect(await running.exit).toMatchObject({ code: 0, stderr: '' });
      return;
    }
    const stoppedAt = Date.now();
    running.signal(signal);
    const { code, stderr, stdout } = await running.exit;
    if (signal === 'SIGKILL') return;
    expect(stderr).toBe('');
    if ('when' in moment) {
      expect(code).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({ complete: false, failed: [] });
    }
    expect(Date.now() - stoppedAt).toBeLessThan(25_000);
    expect(await workspace.processes()).toEqual([]);
  });
}

test('the last backfill ends well, with every bar there and every event told', {
  timeout: 240_000,
}, async () => {
  const { code, stderr, stdout } = await workspace.run(backfill());
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ complete: true, failed: [], missingDays: [] });
  await expectAllDone(workspace, { days: dayCount, bars: dayCount * symbolCount });
  expect(await workspace.processes()).toEqual([]);
});
