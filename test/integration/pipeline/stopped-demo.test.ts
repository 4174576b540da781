/** One demo that is stopped again and again, each time further on, and started again on what is there. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAllDone } from './expect-all-done.ts';
import { daysIn, type Moment, waitFor } from './moments.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await createWorkspace();
});
afterAll(() => workspace.remove(), 60_000);

const drainingWithWork: Moment = {
  when: `select (select count(*) from ops.trading_day) = 5105
            and (exists (select from ops.invalidation) or exists (select from ops.outbox where published_at is null)
                 or exists (select from ops.job where finished_at is null)) as reached`,
};

const stops: readonly (readonly ['SIGINT' | 'SIGTERM' | 'SIGKILL', string, Moment])[] = [
  ['SIGINT', 'while the database is made', { afterMs: 0 }],
  ['SIGKILL', 'while the database is made', { afterMs: 300 }],
  ['SIGTERM', 'while the database starts', { afterMs: 200 }],
  ['SIGKILL', 'after the first day', daysIn(1)],
  ['SIGINT', 'after 700 days', daysIn(700)],
  ['SIGTERM', 'after 1,400 days', daysIn(1_400)],
  ['SIGKILL', 'after 2,100 days', daysIn(2_100)],
  ['SIGINT', 'after 2,900 days', daysIn(2_900)],
  ['SIGTERM', 'after 3,700 days', daysIn(3_700)],
  ['SIGKILL', 'after 4,500 days', daysIn(4_500)],
  ['SIGINT', 'when all days are in but not all bars', drainingWithWork],
  ['SIGTERM', 'when all days are in but not all bars', drainingWithWork],
  ['SIGKILL', 'when all days are in but not all bars', drainingWithWork],
];

for (const [signal, words, moment] of stops) {
  test(`${signal} ${words} leaves a folder that the next demo takes up`, { timeout: 180_000 }, async () => {
    const demo = workspace.start(['demo', '--json']);
    if (!(await waitFor(workspace, demo, moment))) {
      // The one before it had come to the end: nothing to stop, and all the more to compare below.
      expect(await demo.exit).toMatchObject({ code: 0, stderr: '' });
      return;
    }
    const stoppedAt = Date.now();
    demo.signal(signal);
    const { code, stderr, stdout } = await demo.exit;
    if (signal === 'SIGKILL') return;
    expect({ stderr, stdout, code }).toEqual({ stderr: '', stdout: '', code: 130 });
    expect(Date.now() - stoppedAt).toBeLessThan(25_000);
    expect(await workspace.processes()).toEqual([]);
  });
}

test('the last demo ends well, with every bar there and every event told', { timeout: 240_000 }, async () => {
  const { code, stderr, stdout } = await workspace.run(['demo', '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    bronze: { bars: 6365, tradingDays: 5105 },
    verify: { rows: 5175, differences: 0 },
  });
  await expectAllDone(workspace, { days: 5105, bars: 6365 });
  expect(await workspace.processes()).toEqual([]);
});
