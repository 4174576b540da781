import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export type Program<Said> = {
  /** The first line that it wrote, parsed. */
  readonly said: Said;
  /** Ends its stdin, which asks it to finish. */
  finish(): Promise<number | null>;
  kill(signal: NodeJS.Signals): Promise<void>;
  signal(signal: NodeJS.Signals): void;
};

/**
 * Starts test/support/programs/<name> and waits for the JSON line that it writes first.
 * @throws with what it wrote on stderr, if it ends before that
 */
export async function startProgram<Said>(
  name: string,
  args: readonly string[],
  options: { uid?: number; gid?: number } = {},
): Promise<Program<Said>> {
  const file = fileURLToPath(new URL(`./programs/${name}`, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { ...options, stdio: 'pipe' });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const line = await Promise.race([once(createInterface(child.stdout), 'line'), exited]);
  if (typeof line[0] !== 'string')
    throw new Error(`${name} ended with ${line[0]} before it was ready:\n${stderr}`);
  return {
    said: JSON.parse(line[0]) as Said,
    async finish() {
      child.stdin.end();
      return (await exited)[0];
    },
    async kill(signal) {
      child.kill(signal);
      await exited;
    },
    signal: (signal) => void child.kill(signal),
  };
}
