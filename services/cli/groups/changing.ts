import { Option } from 'commander';
import { flatFileDays } from '../../fetcher/available-days.ts';
import { flatFileSource } from '../../fetcher/flat-file.ts';
import { UsageError } from '../../shared/exit-code.ts';
import { parseDay, parsePastDay, parseSymbols } from '../arguments.ts';
import { backfillAnywhere } from '../backfill-anywhere.ts';
import type { CommandContext } from '../command-context.ts';
import { deleteOne } from '../commands/delete.ts';
import { retain, retainDryRun } from '../commands/retain.ts';
import { splitsImport, splitsList, splitsRemove } from '../commands/splits.ts';
import { readSettings } from '../settings.ts';

type RetainOptions = { from: string; symbols?: string[]; dryRun?: boolean };
type BackfillOptions = { path?: string; from?: string; to?: string; symbols?: string[]; prune?: boolean };

/** Commands that change bronze or the splits. */
export function addChangingCommands(context: CommandContext): void {
  const { command, withDatabase, withWorkplace, env, output, signal, logger, exit } = context;

  command('backfill', 'take in history; goes on where it was cut off')
    .addOption(
      new Option('--source <source>', 'where the bars come from')
        .choices(['flatfiles'])
        .makeOptionMandatory(),
    )
    .option('--path <folder>', 'with flatfiles: files named YYYY-MM-DD.csv.gz or .csv, at any depth')
    .option('--from <day>', 'first trading day', parseDay)
    .option('--to <day>', 'last trading day', parseDay)
    .option('--symbols <list>', 'A,B or a file with one symbol a line', parseSymbols)
    .option('--prune', 'delete stored bars that the files lack')
    .action(async (options: BackfillOptions) => {
      const settings = readSettings(env);
      if (!options.path) throw new UsageError('--source flatfiles needs --path, the folder of the day files');
      const selection = options.symbols ? { symbols: new Set(options.symbols) } : {};
      const days = await flatFileDays(options.path, options, selection).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
          throw new UsageError(`--path is ${options.path}, and there is no such folder`, { cause: error });
        },
      );
      if (days.length === 0) {
        throw new UsageError(
          `no file named YYYY-MM-DD.csv.gz or YYYY-MM-DD.csv below ${options.path}${options.from || options.to ? ` from ${options.from ?? 'the start'} to ${options.to ?? 'the end'}` : ''}`,
        );
      }
      exit(
        await backfillAnywhere(
          { settings, output, logger: logger(settings, 'backfill'), signal },
          { source: flatFileSource, days, from: options.from, to: options.to, prune: options.prune },
        ),
      );
    });

  command('delete', 'remove one wrong bar')
    .argument('<symbol>', 'case-sensitive')
    .argument('<day>', 'its trading day, YYYY-MM-DD', parseDay)
    .addHelpText(
      'after',
      `
The later bars of the symbol move up by one, and all its later groups are made again. The day file that brought the bar is known
by its content: a backfill skips it and does not bring the bar back. A file of that day with another content, or other
\`--symbols\`, is read again, and brings what it holds.`,
    )
    .action((symbol: string, tradingDay: string) =>
      withWorkplace('delete', { needsData: true }, (deps) => deleteOne(deps, { symbol, tradingDay })),
    );

  command('retain', 'drop the bars from before a day, for good')
    .requiredOption('--from <day>', 'first trading day that is kept, YYYY-MM-DD', parsePastDay)
    .option('--symbols <list>', 'A,B or a file with one symbol a line; all by default', parseSymbols)
    .option('--dry-run', 'say what it would drop, and change nothing')
    .addHelpText(
      'after',
      `
With them go the Fibonacci bars that start before that day. The others stay as they are: the count of a symbol goes on, so none of
them moves. From then on a bar from before that day goes to quarantine, so no backfill brings it back. An earlier day than before
changes nothing. A symbol whose first bar comes later is not cut.`,
    )
    .action(({ dryRun, ...request }: RetainOptions) =>
      dryRun
        ? withDatabase('retain', (db) => retainDryRun(db, output, request))
        : withWorkplace('retain', { needsData: true }, (deps) => retain(deps, request)),
    );

  const splits = command('splits', 'stock splits, by which silver is adjusted');
  command('import', 'take in the splits of a CSV file', splits)
    .argument('<file>', 'with the header symbol,ex_date,split_from,split_to')
    .addHelpText(
      'after',
      `
split_from old shares became split_to new ones before the open of ex_date: AAPL,2020-08-31,1,4. Massive's names are taken too
(ticker, execution_date). One wrong line, and nothing is stored. A split that is stored already changes nothing; with another
ratio it is replaced. Symbols whose bars were delivered adjusted, as the samples are, take no splits.`,
    )
    .action((file: string) =>
      withWorkplace('splits import', { needsData: false }, (deps) => splitsImport(deps, file)),
    );
  command('list', 'the stored splits', splits)
    .argument('[symbol]', 'case-sensitive; all by default')
    .action((symbol: string | undefined) =>
      withDatabase('splits list', (db) => db.withClient((client) => splitsList(client, output, symbol))),
    );
  command('remove', 'remove one split', splits)
    .argument('<symbol>', 'case-sensitive')
    .argument('<ex-date>', 'YYYY-MM-DD', parseDay)
    .action((symbol: string, exDate: string) =>
      withWorkplace('splits remove', { needsData: true }, (deps) => splitsRemove(deps, { symbol, exDate })),
    );
}
