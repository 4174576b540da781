/** A data folder on a disk that is full: what was committed stays, and with room again the same command does the rest. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { symbolNames, writeDayFiles } from '../integration/pipeline/day-files.ts';
import { expectAllDone } from '../integration/pipeline/expect-all-done.ts';
import { createWorkspace } from '../integration/pipeline/workspace.ts';
import { isFull, reportFaults } from './support/fault-figures.ts';
import { countSilver } from './support/judge.ts';

const mebibyte = 1 << 20;
const [days, symbols] = [60, 150];
/** Free at the start of each run. */
const freeMebibytes = isFull ? [0, 1, 2, 3, 4, 6, 8, 12] : [2];
/** Then there is room again: whoever has not ended by then must go on. */
const fullMs = 15_000;

/** A file system of its own, in memory; undefined where that is not allowed. */
function mountSmallDisk(mebibytes: number): string | undefined {
  const place = mkdtempSync(join(tmpdir(), 'fibbars-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0711`, 'tmpfs', place], {
      stdio: 'ignore',
    });
  } catch {
    rmSync(place, { recursive: true });
    return undefined;
  }
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', place]);
    rmSync(place, { recursive: true });
  }, 60_000);
  return place;
}

function fill(place: string, leaveMebibytes: number): void {
  const { bavail, bsize } = statfsSync(place);
  const bytes = Math.max(0, bavail * bsize - leaveMebibytes * mebibyte);
  writeFileSync(join(place, 'filler'), Buffer.alloc(bytes));
}

test('a backfill on a full disk ends with a word or waits for room, and loses nothing', {
  timeout: 600_000,
}, async (context) => {
  const disk = process.env['DATABASE_URL'] ? undefined : mountSmallDisk(512);
  if (disk === undefined) {
    context.skip('needs root, to mount a small file system, and the database of the data folder');
    return;
  }
  vi.stubEnv('TMPDIR', disk);
  onTestFinished(() => void vi.unstubAllEnvs());
  const workspace = await createWorkspace();
  onTestFinished(() => workspace.remove(), 60_000);
  const files = await writeDayFiles(join(workspace.scratch, 'days'), { days, symbols: symbolNames(symbols) });
  const backfill = ['backfill', '--source', 'flatfiles', '--path', files.path];
  // Made while there is room: a folder that could not be made is another matter.
  expect(await workspace.run([...backfill, '--to', files.days[4] ?? ''])).toMatchObject({ code: 0 });
  let met = 0;
  for (const free of freeMebibytes) {
    fill(disk, free);
    const makeRoom = () => rmSync(join(disk, 'filler'), { force: true });
    let waited = false;
    const timer = setTimeout(() => {
      waited = true;
      makeRoom();
    }, fullMs);
    const { code, stdout, stderr } = await workspace.run(backfill);
    clearTimeout(timer);
    makeRoom();
    expect([0, 1, 75]).toContain(code);
    if (code !== 0) expect(`${stdout}${stderr}`).toMatch(/no space|ENOSPC|disk|full|PostgreSQL ended/i);
    if (code !== 0 || waited) met++;
  }
  expect(met).toBeGreaterThan(0);
  expect(await workspace.run(backfill)).toMatchObject({ code: 0 });
  await expectAllDone(workspace, { days, bars: days * symbols });
  const points = freeMebibytes.length;
  const rows = await workspace.look(countSilver);
  reportFaults(context, { row: 'disk full for the data folder', points, survived: points, rows, lost: 0 });
});
