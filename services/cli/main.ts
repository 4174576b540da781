#!/usr/bin/env node
import { CommanderError } from 'commander';
import { exitCodeOf, exitCodes } from '../shared/exit-code.ts';
import { shutdownSignal } from '../shared/shutdown-signal.ts';
import { createOutput } from './output.ts';
import { buildProgram } from './program.ts';

const signal = shutdownSignal();
// Asked before the arguments are parsed, since errors in them are told the same way.
const output = createOutput(process.argv.includes('--json'));
try {
  process.exitCode = await buildProgram({ env: process.env, output, signal }).run(process.argv.slice(2));
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    // Commander has told people on stderr already.
    if (error.exitCode !== 0) output.document({ error: error.message.replace(/^error: /, '') });
  } else if (signal.aborted) {
    // What a shell reports for SIGINT.
    process.exitCode = 130;
  } else {
    const code = exitCodeOf(error);
    process.exitCode = code === exitCodes.usage ? code : exitCodes.failed;
    const message = error instanceof Error ? error.message : String(error);
    output.document({ error: message });
    process.stderr.write(`fibbars: ${message}\n`);
    if (process.env['LOG_LEVEL'] === 'debug' && error instanceof Error)
      process.stderr.write(`${error.stack}\n`);
  }
}
