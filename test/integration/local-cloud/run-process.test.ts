import { expect, test } from 'vitest';
import { runProcess } from '../../../services/local/cloud/batch/run-process.ts';

test('a process whose log cannot be opened fails to start, as a container does, and says why', async () => {
  const run = runProcess({
    command: [process.execPath, '-e', '0'],
    environment: {},
    logFile: '/none/such/log',
  });
  expect(run.identity).toBeUndefined();
  expect(await run.exit).toEqual({
    reason: expect.stringMatching(/^CannotStartContainerError: no log, ENOENT.*\/none\/such\/log/),
  });
});
