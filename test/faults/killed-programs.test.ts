/** One backfill that is asked to end and then killed, at 50 moments of its way, and started again each time on what is there. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DayFiles, symbolNames, writeDayFiles } from '../integration/pipeline/day-files.ts';
import { expectAllDone } from '../integration/pipeline/expect-all-done.ts';
import { daysIn, waitFor } from '../integration/pipeline/moments.ts';
import { createWorkspace, type Workspace } from '../integration/pipeline/workspace.ts';
import { isFull, reportFaults } from './support/fault-figures.ts';
import { countSilver } from './support/judge.ts';

const moments = isFull ? 50 : 2;
const [days, symbols] = [5 * moments, 60];
/** Between SIGTERM and SIGKILL: less than an orderly end takes, as a rule. */
const graceMs = (moment: number) => (moment * 67) % 400;

let workspace: Workspace;
let files: DayFiles;
beforeAll(async () => {
  workspace = await createWorkspace();
  const path = join(workspace.scratch, 'day-files');
  files = await writeDayFiles(path, { days, symbols: symbolNames(symbols) });
});
afterAll(() => workspace.remove(), 60_000);

test(`SIGTERM, then SIGKILL, at ${moments} moments`, { timeout: 1_200_000 }, async (context) => {
  const backfill = ['backfill', '--source', 'flatfiles', '--path', files.path];
  let killed = 0;
  for (let moment = 0; moment < moments; moment++) {
    const running = workspace.start(backfill);
    const reached = await waitFor(
      workspace,
      running,
      moment % 5 === 4 ? { afterMs: moment * 20 } : daysIn(5 * moment + 1),
    );
    if (reached) {
      running.signal('SIGTERM');
      await sleep(graceMs(moment));
      running.signal('SIGKILL');
    }
    const { code } = await running.exit;
    if (code === null) killed++;
  }
  // Otherwise it was not about kills.
  expect(killed).toBeGreaterThanOrEqual(moments / 2);
  const { code, stderr } = await workspace.run(backfill);
  expect(code).toBe(0);
  // It may say what it has found, such as a claim without a job, and no error.
  const levels = stderr
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { level: number }).level);
  expect(levels.filter((level) => level > 40)).toEqual([]);
  await expectAllDone(workspace, { days, bars: days * symbols });
  expect(await workspace.processes()).toEqual([]);
  const rows = await workspace.look(countSilver);
  const row = 'SIGTERM, then SIGKILL';
  reportFaults(context, { row, points: moments, survived: moments, rows, lost: 0 });
});
