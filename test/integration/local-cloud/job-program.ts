// Stands for a service in the tests of the local cloud's Batch: `job-program.ts VERB [ARGUMENT…]`.
import { appendFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [verb = '', first = '', second = ''] = process.argv.slice(2);
switch (verb) {
  case 'exit':
    process.exitCode = Number(first);
    break;
  case 'exit-75-until-attempt':
    process.exitCode = process.env['AWS_BATCH_JOB_ATTEMPT'] === first ? 0 : 75;
    break;
  case 'print-environment':
    writeFileSync(first, JSON.stringify({ arguments: process.argv.slice(3), environment: process.env }));
    break;
  case 'append-index':
    appendFileSync(first, `${process.env['AWS_BATCH_JOB_ARRAY_INDEX']}\n`);
    process.exitCode = process.env['AWS_BATCH_JOB_ARRAY_INDEX'] === second ? 1 : 0;
    break;
  case 'ignore-sigterm':
    process.on('SIGTERM', () => process.stdout.write('not yet\n'));
    writeFileSync(first, String(process.pid));
    await sleep(60_000);
    break;
  case 'stop-on-sigterm':
    process.on('SIGTERM', () => {
      appendFileSync(first, `stopped ${process.pid}\n`);
      process.exit(143);
    });
    appendFileSync(first, `started ${process.pid}\n`);
    await sleep(60_000);
    break;
  case 'sleep-in-first-attempt':
    appendFileSync(first, `started ${process.pid}\n`);
    if (process.env['AWS_BATCH_JOB_ATTEMPT'] === '1') await sleep(60_000);
    break;
  default:
    throw new Error(`unknown verb ${verb}`);
}
