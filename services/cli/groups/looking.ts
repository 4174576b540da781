import { Option } from 'commander';
import { readRuntime } from '../../local/runtime-file.ts';
import { createAwsClients } from '../../shared/aws-clients.ts';
import { parseCount, parseDay, parseDays, parseId, parseSymbols } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { type BarsFormat, bars } from '../commands/bars.ts';
import { cost } from '../commands/cost.ts';
import { explain } from '../commands/explain.ts';
import { status } from '../commands/status.ts';
import { trace } from '../commands/trace.ts';
import { verify } from '../commands/verify.ts';
import { readSettings } from '../settings.ts';

type BarsOptions = { from?: string; to?: string; complete?: boolean; format: BarsFormat };

/** Commands that look and change nothing. */
export function addLookingCommands(context: CommandContext): void {
  const { command, withDatabase, env, output, signal, exit } = context;

  command('bars', 'print the Fibonacci bars of a symbol')
    .argument('<symbol>', 'case-sensitive')
    .argument(
      '<days>',
      'of the bars: 3, 5, 8, 13, 21, 34, or what `intervals list` says; 1 for the daily ones',
      parseDays,
    )
    .option('--from <day>', 'bars that end on or after it', parseDay)
    .option('--to <day>', 'bars that start on or before it', parseDay)
    .option('--complete', 'without the forming bar')
    .addOption(new Option('--format <format>').choices(['table', 'csv', 'json']).default('table'))
    .action((symbol: string, days: number, options: BarsOptions) =>
      withDatabase('bars', (db) =>
        db.withClient((client) => bars(client, output, { ...options, symbol, days })),
      ),
    );

  command('explain', 'why a bar is what it is: its daily bars, and what wrote it')
    .argument('<symbol>', 'case-sensitive')
    .argument('<days>', 'of the bar: 3, 5, 8, 13, 21, 34, or what `intervals list` says', parseDays)
    .argument('<day>', 'any day in it, YYYY-MM-DD', parseDay)
    .action((symbol: string, days: number, day: string) =>
      withDatabase('explain', (db) => explain(db, output, { symbol, days, day })),
    );

  command('trace', 'the path of one correlation id: changes, events, jobs, and what was told of silver')
    .argument('<id>', 'correlationId of a log line or an event, or the id of an event', parseId)
    .action((id: string) => withDatabase('trace', (db) => trace(db, output, id)));

  command('cost', 'what a deployment on AWS costs a month, line by line')
    .option('--symbols <count>', 'in the market; 500 and 11000 by default, with --json 500', parseCount)
    .action(async ({ symbols }: { symbols?: number }) => exit(await cost(output, symbols)));

  command('status', 'how the pipeline stands').action(async () => {
    const settings = readSettings(env);
    const runtime = settings.aws ? undefined : await readRuntime(settings.dataFolder);
    const aws =
      settings.aws ??
      (runtime?.awsEndpointUrl
        ? {
            endpoint: runtime.awsEndpointUrl,
            region: 'us-east-1',
            credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
          }
        : undefined);
    const clients = aws && createAwsClients(aws);
    const url = (name: string) => {
      const value = runtime?.[name];
      return typeof value === 'string' ? value : undefined;
    };
    try {
      await withDatabase('status', (db) =>
        status(
          db,
          output,
          clients && {
            sqs: clients.sqs,
            names: {
              queueUrl: settings.names.queueUrl ?? url('queueUrl'),
              deadLetterQueueUrl: settings.names.deadLetterQueueUrl ?? url('deadLetterQueueUrl'),
            },
          },
        ),
      );
    } finally {
      clients?.destroy();
    }
  });

  command('verify', 'recompute from bronze and compare')
    .option('--symbols <list>', 'A,B or a file with one symbol a line; all by default', parseSymbols)
    .addHelpText(
      'after',
      `
A symbol of which silver does not know all bars yet is left out, and named: that is no finding, unless all are left out.`,
    )
    .action((options: { symbols?: string[] }) =>
      withDatabase('verify', (db) => verify(db, output, { symbols: options.symbols, signal })),
    );
}
