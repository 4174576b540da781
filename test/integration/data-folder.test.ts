import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder } from '../../services/local/data-folder.ts';
import { readRuntime } from '../../services/local/runtime-file.ts';
import { startProgram } from '../support/start-program.ts';

describe('the data folder', () => {
  let parent: string;
  let folder: string;
  beforeEach(async () => {
    parent = await mkdtemp(path.join(tmpdir(), 'fibbars-folder-'));
    folder = path.join(parent, '.fibbars');
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));

  const hold = () => startProgram<{ pid: number }>('hold-data-folder.ts', [folder]);

  it('is made closed to others and ignored by git', async () => {
    const opened = await openDataFolder(folder, { command: 'demo' });
    expect((await stat(folder)).mode & 0o066).toBe(0);
    expect(await readFile(path.join(folder, '.gitignore'), 'utf8')).toBe('*\n');
    expect((await stat(path.join(folder, 'runtime.json'))).mode & 0o077).toBe(0);
    await opened.release();
  });

  it('tells a second process who holds it, since when, and what to do', async () => {
    const holder = await hold();
    const second = openDataFolder(folder, { command: 'demo' });
    await expect(second).rejects.toMatchObject({
      name: 'DataFolderInUseError',
      holder: { pid: holder.said.pid, command: 'up', startedAt: expect.stringMatching(/^\d{4}-.*Z$/) },
    });
    await expect(second).rejects.toThrow(
      new RegExp(`fibbars up.*pid ${holder.said.pid}, since .*kill ${holder.said.pid}.*FIBBARS_DATA_DIR`),
    );
    expect(await holder.finish()).toBe(0);
    await (await openDataFolder(folder, { command: 'demo' })).release();
  });

  it('refuses a second opening within one process as well', async () => {
    const first = await openDataFolder(folder, { command: 'up' });
    await expect(openDataFolder(folder, { command: 'demo' })).rejects.toThrow(/in use by `fibbars up`/);
    await expect(hold()).rejects.toThrow(/DataFolderInUseError/);
    await first.release();
    await first.release();
  });

  it('lets other commands read what its owner published, and only while that one lives', async () => {
    expect(await readRuntime(folder)).toBeUndefined();
    const holder = await hold();
    expect(await readRuntime(folder)).toMatchObject({
      pid: holder.said.pid,
      command: 'up',
      databaseUrl: 'postgres://somewhere',
    });
    await holder.kill('SIGKILL');
    expect(await readFile(path.join(folder, 'runtime.json'), 'utf8')).toContain('postgres://somewhere');
    expect(await readRuntime(folder)).toBeUndefined();
  });

  it('opens again at once after its owner was killed', async () => {
    await (await hold()).kill('SIGKILL');
    const opened = await openDataFolder(folder, { command: 'demo' });
    expect(await readRuntime(folder)).toMatchObject({ pid: process.pid, command: 'demo' });
    await opened.release();
    expect(await readRuntime(folder)).toBeUndefined();
  });

  it('refuses a folder with files that are not ours, and touches nothing in it', async () => {
    await mkdir(folder);
    await writeFile(path.join(folder, 'thesis.txt'), 'mine');
    await expect(openDataFolder(folder, { command: 'demo' })).rejects.toThrow(/not ours \(thesis.txt\)/);
    await expect(stat(path.join(folder, '.gitignore'))).rejects.toThrow(/ENOENT/);
  });

  it('refuses a file in its place', async () => {
    await writeFile(folder, '');
    await expect(openDataFolder(folder, { command: 'demo' })).rejects.toThrow(
      /cannot be made or written \(EEXIST\)/,
    );
  });

  it('takes an empty folder that somebody made for it', async () => {
    await mkdir(folder);
    const opened = await openDataFolder(folder, { command: 'demo' });
    expect(await readRuntime(folder)).toMatchObject({ command: 'demo' });
    await opened.release();
  });
});
