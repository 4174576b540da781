import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { createContext, type ProgramDeps } from './command-context.ts';
import { addChangingCommands } from './groups/changing.ts';
import { addFetchingCommands } from './groups/fetching.ts';
import { addLookingCommands } from './groups/looking.ts';
import { addRecomputingCommands } from './groups/recomputing.ts';
import { addRecoveringCommands } from './groups/recovering.ts';
import { addRunningCommands } from './groups/running.ts';

const examples = `
Examples:
  fibbars demo                                      the whole pipeline over the sample bars
  fibbars backfill --source flatfiles --path DIR    your own day files
  fibbars up --open                                 the pipeline, for as long as it is wanted, and a web page of it
  fibbars fetch                                     the latest trading day, and what is missing before it
  fibbars bars AAPL 21 --format csv                 the candles
  fibbars explain AAPL 8 2018-05-01                 why a bar is what it is

Settings: DATABASE_URL, FIBBARS_DATA_DIR, MASSIVE_API_KEY or POLYGON_API_KEY, MASSIVE_CALLS_PER_MINUTE, MASSIVE_BASE_URL, MASSIVE_S3_ACCESS_KEY_ID,
MASSIVE_S3_SECRET_ACCESS_KEY, MASSIVE_S3_ENDPOINT, FIBONACCI_LOOKBACK_DAYS, FIBBARS_TEST_TICKERS, FIBBARS_CLOUD,
AWS_ENDPOINT_URL, LOG_LEVEL. Exit codes: 0 done, 1 a finding or a failure, 2 wrong usage,
130 stopped before there was anything to report.`;

/** The command line. `run` resolves to the exit code. */
export function buildProgram(deps: ProgramDeps): { run(args: string[]): Promise<number> } {
  let exitCode = 0;
  const program = new Command('fibbars')
    .description('Daily stock bars resampled into Fibonacci bars, event by event')
    .version(packageJson.version, '-V, --version')
    .addHelpText('after', examples)
    .showHelpAfterError('(--help tells more)')
    .exitOverride();
  const context = createContext(deps, program, (code) => {
    exitCode = code;
  });
  addRunningCommands(context);
  addFetchingCommands(context);
  addChangingCommands(context);
  addRecomputingCommands(context);
  addRecoveringCommands(context);
  addLookingCommands(context);
  return {
    async run(args) {
      await program.parseAsync(args, { from: 'user' });
      return exitCode;
    },
  };
}
