/** Commands beside an `up` that ends under them: they say so, and the same command again does the rest. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { symbolNames, writeDayFiles } from './day-files.ts';
import { expectAllDone } from './expect-all-done.ts';
import { daysIn, waitFor } from './moments.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

const [days, symbols] = [150, 40];

let workspace: Workspace;
let backfill: readonly string[];
beforeAll(async () => {
  workspace = await createWorkspace();
  const path = join(workspace.scratch, 'day-files');
  await writeDayFiles(path, { days, symbols: symbolNames(symbols) });
  backfill = ['backfill', '--source', 'flatfiles', '--path', path, '--json'];
});
afterAll(() => workspace.remove(), 60_000);

// With DATABASE_URL the database is there without `up`.
test.skipIf(process.env['DATABASE_URL'])('a backfill beside an `up` whose PostgreSQL is killed', async () => {
  const up = workspace.start(['up']);
  expect(await waitFor(workspace, up, { when: 'select true as reached' })).toBe(true);
  const filling = workspace.start(backfill);
  expect(await waitFor(workspace, up, daysIn(10))).toBe(true);
  const server = (await workspace.processes()).find((line) => line.includes('postgres -D '));
  process.kill(Number.parseInt(server ?? '', 10), 'SIGKILL');
  const { code, stdout } = await filling.exit;
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    error:
      'The pipeline has stopped before the work was done. Nothing is lost: the same command again does the rest',
  });
  expect(await up.exit).toMatchObject({ code: 1 });
  expect(await workspace.run(backfill)).toMatchObject({ code: 0, stderr: '' });
  await expectAllDone(workspace, { days, bars: days * symbols });
});
