import { parseInterval, parseSymbols } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { intervalsAdd, intervalsList } from '../commands/intervals.ts';
import { rebuild } from '../commands/rebuild.ts';
import { resamplePending } from '../commands/resample.ts';

/** Commands that compute silver without a change of bronze. */
export function addRecomputingCommands(context: CommandContext): void {
  const { command, withDatabase, withWorkplace, output } = context;

  command('rebuild', 'recompute all bars and rewrite those that differ')
    .option('--symbols <list>', 'A,B or a file with one symbol a line; all by default', parseSymbols)
    .addHelpText(
      'after',
      `
Over silver that is right it writes nothing. Readers see each symbol as before or as after, never in between.`,
    )
    .action((options: { symbols?: string[] }) =>
      withWorkplace('rebuild', { needsData: true }, (deps) => rebuild(deps, options.symbols)),
    );

  command('resample', 'work in what is pending, also what a failed job left')
    .requiredOption('--pending', 'all that is pending')
    .action(() => withWorkplace('resample', { needsData: true }, resamplePending));

  const intervals = command('intervals', 'how many trading days make a bar');
  command('add', 'add an interval, with its table, and fill it', intervals)
    .argument('<days>', 'trading days in a bar, 2 to 1000', parseInterval)
    .action((days: number) =>
      withWorkplace('intervals add', { needsData: false }, (deps) => intervalsAdd(deps, days)),
    );
  command('list', 'the intervals and their tables', intervals).action(() =>
    withDatabase('intervals list', (db) => db.withClient((client) => intervalsList(client, output))),
  );
}
