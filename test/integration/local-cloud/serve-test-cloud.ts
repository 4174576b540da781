// The local cloud with `job-program.ts` as its program, in a process that a test can kill: serve-test-cloud.ts DIRECTORY.
import { fileURLToPath } from 'node:url';
import { startLocalCloud } from '../../../services/local/cloud/start-local-cloud.ts';
import { createLogger } from '../../../services/shared/logger.ts';

const cloud = await startLocalCloud({
  directory: process.argv[2] ?? '',
  commands: { program: [process.execPath, fileURLToPath(new URL('./job-program.ts', import.meta.url))] },
  logger: createLogger('test', 'fatal'),
});
process.stdout.write(`${cloud.endpoint}\n`);
