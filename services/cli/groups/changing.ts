import { parseDay, parsePastDay, parseSymbols } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { deleteOne } from '../commands/delete.ts';
import { retain, retainDryRun } from '../commands/retain.ts';
import { splitsImport, splitsList, splitsRemove } from '../commands/splits.ts';

type RetainOptions = { from: string; symbols?: string[]; dryRun?: boolean };

/** Commands that change bronze or the splits. */
export function addChangingCommands(context: CommandContext): void {
  const { command, withDatabase, withWorkplace, output } = context;

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
ratio it is replaced. A split of a symbol without bars waits for them. Symbols whose bars were delivered adjusted, as the samples are, take no splits.`,
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
