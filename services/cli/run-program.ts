import { setImmediate as nextTurn } from 'node:timers/promises';
import { CommanderError } from 'commander';
import { exitCodeOf, exitCodes } from '../shared/exit-code.ts';
import { createOutput } from './output.ts';
import { buildProgram } from './program.ts';

/** What a shell reports for SIGINT. */
const stoppedCode = 130;

/** Runs what the arguments of the process say, and sets its exit code. */
export async function runProgram(shutdown: AbortSignal): Promise<void> {
  let outputError: NodeJS.ErrnoException | undefined;
  const outputFailed = new AbortController();
  const signal = AbortSignal.any([shutdown, outputFailed.signal]);
  // Asked before the arguments are parsed, since errors in them are told the same way.
  const output = createOutput({
    json: process.argv.includes('--json'),
    onError(error) {
      outputError ??= error;
      outputFailed.abort(error);
    },
  });
  try {
    // A signal that came while files were loaded is heard a turn later.
    await nextTurn();
    signal.throwIfAborted();
    process.exitCode = await buildProgram({ env: process.env, output, signal }).run(process.argv.slice(2));
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
      // Commander has told people on stderr already.
      if (error.exitCode !== 0) output.document({ error: error.message.replace(/^error: /, '') });
    } else if (outputError !== undefined) {
      process.exitCode = exitCodes.failed;
    } else if (signal.aborted) {
      process.exitCode = stoppedCode;
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
  // Whoever reads us may leave early, as head does; anything else that keeps words from being written is told.
  if (outputError !== undefined && outputError.code !== 'EPIPE') {
    process.exitCode = exitCodes.failed;
    process.stderr.write(`fibbars: stdout cannot be written: ${outputError.message}\n`);
  }
}
