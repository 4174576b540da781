import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyMutant } from './apply-mutant.ts';
import type { Mutant } from './mutants.ts';

const root = join(import.meta.dirname, '../..');
const parts = [
  'services',
  'sql',
  'events',
  'schemas',
  'infra',
  'test',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];
/** Many times what they take on a loaded machine: tests that are not done by then have no end. */
const patienceMs = 180_000;

export type Stage = { readonly name: string; readonly files: readonly string[] };

/** A copy of the program in which one worker's mutants live. */
export class WorkTree {
  private readonly folder: string;
  private readonly env: NodeJS.ProcessEnv;
  private readonly signal: AbortSignal;

  constructor(folder: string, env: NodeJS.ProcessEnv, signal: AbortSignal) {
    this.folder = folder;
    this.env = env;
    this.signal = signal;
  }

  async create(): Promise<void> {
    await mkdir(this.folder);
    for (const part of parts) await cp(join(root, part), join(this.folder, part), { recursive: true });
    await symlink(join(root, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** The name of the first stage whose tests notice the mutant; undefined: it survives them all. */
  async kill(mutant: Mutant, stages: readonly Stage[]): Promise<string | undefined> {
    const path = join(this.folder, 'services/resampler', mutant.file);
    const source = await readFile(path, 'utf8');
    await writeFile(path, applyMutant(source, mutant));
    try {
      for (const stage of stages) {
        if (!(await this.passes(stage))) return stage.name;
      }
      return undefined;
    } finally {
      await writeFile(path, source);
    }
  }

  /** Whether the tests of the stage pass; also false when they have no end. */
  async passes({ files }: Stage): Promise<boolean> {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const options = ['--bail', '1', '--maxWorkers', '1', '--no-cache', '--reporter', 'dot'];
    const tests = spawn(process.execPath, [vitest, 'run', ...files, ...options], {
      cwd: this.folder,
      env: this.env,
      // A group of its own, so that it ends with all its workers.
      detached: true,
      stdio: 'ignore',
    });
    return await ended(tests, AbortSignal.any([this.signal, AbortSignal.timeout(patienceMs)]));
  }
}

/** Whether the process ended well; on the signal its group is killed. */
function ended(process_: ChildProcess, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const kill = () => {
      if (process_.pid !== undefined) process.kill(-process_.pid, 'SIGKILL');
    };
    signal.addEventListener('abort', kill, { once: true });
    process_.once('error', reject);
    process_.once('exit', (code) => {
      signal.removeEventListener('abort', kill);
      resolve(code === 0);
    });
  });
}
