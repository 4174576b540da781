/** Commands beside an `up` that ends under them: they say so, and the same command again does the rest. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { symbolNames, writeDayFiles } from './day-files.ts';
import { expectAllDone } from './expect-all-done.ts';
import { daysIn, waitFor } from './moments.ts';
import { createWorkspace, type Running, type Workspace } from './workspace.ts';

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

const stopped = {
  error:
    'The pipeline has stopped before the work was done. Nothing is lost: the same command again does the rest',
};

async function bringUp(): Promise<Running> {
  const up = workspace.start(['up']);
  expect(await waitFor(workspace, up, { when: 'select true as reached' })).toBe(true);
  return up;
}

// With DATABASE_URL the database is there without `up`.
test.skipIf(process.env['DATABASE_URL'])('a backfill beside an `up` whose PostgreSQL is killed', async () => {
  const up = await bringUp();
  const filling = workspace.start(backfill);
  expect(await waitFor(workspace, up, daysIn(10))).toBe(true);
  const server = (await workspace.processes()).find((line) => line.includes('postgres -D '));
  process.kill(Number.parseInt(server ?? '', 10), 'SIGKILL');
  const { code, stdout } = await filling.exit;
  expect({ code, said: JSON.parse(stdout) as object }).toEqual({ code: 1, said: stopped });
  expect(await up.exit).toMatchObject({ code: 1 });
});

test('a replay beside an `up` that is killed, and leaves its PostgreSQL behind', async () => {
  expect(await workspace.run(backfill)).toMatchObject({ code: 0 });
  const up = await bringUp();
  const replaying = workspace.start(['replay', '--from', '2016-01-04', '--to', '2016-12-30', '--json']);
  const some = `select count(*) >= 3 as reached from ops.change where cause = 'replay'`;
  expect(await waitFor(workspace, up, { when: some })).toBe(true);
  up.signal('SIGKILL');
  const { code, stdout } = await replaying.exit;
  expect({ code, said: JSON.parse(stdout) as object }).toEqual({ code: 1, said: stopped });
  expect(await workspace.run(['resample', '--pending'])).toMatchObject({ code: 0 });
  await expectAllDone(workspace, { days, bars: days * symbols });
});
