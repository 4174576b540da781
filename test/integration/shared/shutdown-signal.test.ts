import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';

const file = new URL('../../../services/shared/shutdown-signal.ts', import.meta.url);
const program = `
  import { shutdownSignal } from '${file.href}';
  shutdownSignal().addEventListener('abort', () => console.log('asked'));
  setInterval(() => {}, 1_000);
  console.log('ready');`;

test('two Ctrl-C at once are one, as a terminal and npm both send it; a later one ends the process', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  await vi.waitFor(() => expect(stdout).toBe('ready\n'), { timeout: 10_000 });
  child.kill('SIGINT');
  await vi.waitFor(() => expect(stdout).toBe('ready\nasked\n'), { timeout: 10_000 });
  child.kill('SIGINT');
  child.kill('SIGTERM');
  await sleep(1_500);
  expect(child.exitCode ?? child.signalCode).toBeNull();
  child.kill('SIGINT');
  expect(await exited).toEqual([null, 'SIGINT']);
  expect(stdout).toBe('ready\nasked\n');
});
