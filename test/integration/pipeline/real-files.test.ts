import { existsSync } from 'node:fs';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createWorkspace } from './workspace.ts';

const real = process.env['FIBBARS_REAL_DATA'];
const folder = real && join(real, 'flatfiles');

/** All of them are for a run by hand: FIBBARS_REAL_DAYS=all. */
const most = process.env['FIBBARS_REAL_DAYS'] === 'all' ? Infinity : 5;

test('real market days go through `backfill`, and `verify` finds 0 differences', {
  timeout: 600_000,
}, async ({ skip }) => {
  if (!folder) {
    skip('FIBBARS_REAL_DATA is not set: it takes the folder that has flatfiles/');
    return;
  }
  expect(existsSync(folder), `${folder} is there`).toBe(true);
  const workspace = await createWorkspace();
  onTestFinished(() => workspace.remove(), 60_000);
  const path = join(workspace.scratch, 'some-days');
  await mkdir(path);
  const files = (await readdir(folder, { recursive: true })).filter((name) => /\.csv(\.gz)?$/.test(name));
  const chosen = files.sort((a, b) => (basename(a) < basename(b) ? -1 : 1)).slice(0, most);
  for (const name of chosen) await symlink(join(folder, name), join(path, basename(name)));

  const startedAt = Date.now();
  const { code, stdout, stderr } = await workspace.run([
    'backfill',
    '--source',
    'flatfiles',
    '--path',
    path,
    '--json',
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const report = JSON.parse(stdout) as { received: number; inserted: number; quarantined: number };
  console.log(`${chosen.length} days, ${report.received} rows: ${(Date.now() - startedAt) / 1_000} s`);
  expect(report).toMatchObject({ ingested: chosen.length, failed: [], complete: true });
  expect(report.received).toBe(report.inserted + report.quarantined);
  expect(report.inserted).toBeGreaterThan(1_000 * chosen.length);

  const verified = await workspace.run(['verify', '--json']);
  expect(verified.code).toBe(0);
  expect(JSON.parse(verified.stdout)).toMatchObject({ differing: 0, pending: [] });
});
