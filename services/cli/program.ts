import { relative } from 'node:path';
import { Command, Option } from 'commander';
import { flatFileDays } from '../fetcher/available-days.ts';
import { flatFileSource } from '../fetcher/flat-file.ts';
import { connect, openLocalDatabase } from '../local/pipeline/local-database.ts';
import { startPipeline } from '../local/pipeline/start-pipeline.ts';
import { readRuntime } from '../local/runtime-file.ts';
import { createAwsClients } from '../shared/aws-clients.ts';
import type { Database } from '../shared/database.ts';
import { UsageError } from '../shared/exit-code.ts';
import { createLogger } from '../shared/logger.ts';
import { parseDay, parseDays, parsePort, parseSymbols } from './arguments.ts';
import { backfillAnywhere } from './backfill-anywhere.ts';
import { type BarsFormat, bars } from './commands/bars.ts';
import { cloudInit } from './commands/cloud-init.ts';
import { demo } from './commands/demo.ts';
import { migrate } from './commands/migrate.ts';
import { status } from './commands/status.ts';
import { up } from './commands/up.ts';
import { verify } from './commands/verify.ts';
import type { Output } from './output.ts';
import { readSettings, type Settings } from './settings.ts';

export type ProgramDeps = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly output: Output;
  readonly signal: AbortSignal;
};

const examples = `
Examples:
  fibbars demo                                      the whole pipeline over the sample bars
  fibbars backfill --source flatfiles --path DIR    your own day files
  fibbars bars AAPL 21 --format csv                 the candles

Settings: DATABASE_URL, FIBBARS_DATA_DIR, FIBBARS_CLOUD, AWS_ENDPOINT_URL, LOG_LEVEL. Exit codes: 0 done, 1 a finding
or a failure, 2 wrong usage.`;

/** The command line. `run` resolves to the exit code. */
export function buildProgram({ env, output, signal }: ProgramDeps): { run(args: string[]): Promise<number> } {
  let exitCode = 0;
  const program = new Command('fibbars')
    .description('Daily stock bars resampled into Fibonacci bars, event by event')
    .addHelpText('after', examples)
    .showHelpAfterError('(--help tells more)')
    .exitOverride();
  const logger = (settings: Settings, command: string) =>
    createLogger(`fibbars ${command}`, settings.logLevel);

  /** A command, with the option that all have; its action returns the exit code. */
  const command = (usage: string, description: string) =>
    program
      .command(usage)
      .description(description)
      .option('--json', 'one JSON document on stdout')
      .exitOverride();

  const withDatabase = async (name: string, work: (db: Database) => Promise<number>) => {
    const settings = readSettings(env);
    const opened = await openLocalDatabase(settings, { command: name, logger: logger(settings, name) });
    try {
      exitCode = await work(opened.db);
    } finally {
      await opened.close();
    }
  };

  const withPipeline = async (
    name: string,
    port: number | undefined,
    work: (pipeline: Awaited<ReturnType<typeof startPipeline>>, settings: Settings) => Promise<number>,
  ) => {
    const settings = readSettings(env);
    const pipeline = await startPipeline(settings, {
      command: name,
      logger: logger(settings, name),
      port,
      maxVcpus: settings.parallelism,
      logLevel: settings.logLevel,
    });
    try {
      exitCode = await work(pipeline, settings);
    } finally {
      await pipeline.close();
    }
  };

  command('demo', 'run the whole pipeline over the real sample bars, to the end').action(() =>
    withPipeline('demo', undefined, (pipeline, settings) => {
      const place = `${relative(process.cwd(), settings.dataFolder) || '.'}/`;
      return demo({ pipeline, output, logger: logger(settings, 'demo'), signal, place });
    }),
  );

  command('up', 'run the whole pipeline on this machine, until Ctrl-C')
    .option('--port <port>', 'of the local cloud; a free one by default', parsePort)
    .action((options: { port?: number }) =>
      withPipeline('up', options.port, (pipeline, settings) =>
        up({ pipeline, output, logger: logger(settings, 'up'), signal }),
      ),
    );

  command('migrate', 'bring the database to the version of this program').action(async () => {
    const settings = readSettings(env);
    if (settings.databaseUrl === undefined) {
      await withPipeline('migrate', undefined, ({ db }) => migrate(db, output));
      return;
    }
    const db = connect(settings.databaseUrl, 'migrate', 60_000);
    try {
      exitCode = await migrate(db, output);
    } finally {
      await db.close();
    }
  });

  command('cloud-init', 'create queues, rules and the job queue at AWS_ENDPOINT_URL').action(async () => {
    const { aws } = readSettings(env);
    if (!aws?.endpoint) {
      throw new UsageError(
        'cloud-init needs AWS_ENDPOINT_URL, the endpoint of an AWS emulator; AWS itself is deployed by infra/',
      );
    }
    const clients = createAwsClients(aws);
    try {
      exitCode = await cloudInit(clients, aws.endpoint, output);
    } finally {
      clients.destroy();
    }
  });

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
      const days = await flatFileDays(options.path, options, selection);
      if (days.length === 0) {
        throw new UsageError(
          `no file named YYYY-MM-DD.csv.gz or YYYY-MM-DD.csv below ${options.path}${options.from || options.to ? ` from ${options.from ?? 'the start'} to ${options.to ?? 'the end'}` : ''}`,
        );
      }
      exitCode = await backfillAnywhere(
        { settings, output, logger: logger(settings, 'backfill'), signal },
        { source: flatFileSource, days, from: options.from, to: options.to, prune: options.prune },
      );
    });

  command('bars', 'print the Fibonacci bars of a symbol')
    .argument('<symbol>', 'case-sensitive')
    .argument('<days>', 'of the bars: 3, 5, 8, 13, 21, 34; 1 for the daily ones', parseDays)
    .option('--from <day>', 'bars that end on or after it', parseDay)
    .option('--to <day>', 'bars that start on or before it', parseDay)
    .option('--complete', 'without the forming bar')
    .addOption(new Option('--format <format>').choices(['table', 'csv', 'json']).default('table'))
    .action((symbol: string, days: number, options: BarsOptions) =>
      withDatabase('bars', (db) =>
        db.withClient((client) => bars(client, output, { ...options, symbol, days })),
      ),
    );

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
            urls: {
              dispatcher: settings.names.queueUrl ?? url('queueUrl'),
              deadLetters: settings.names.deadLetterQueueUrl ?? url('deadLetterQueueUrl'),
              subscriber: url('subscriberQueueUrl'),
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
    .action((options: { symbols?: string[] }) =>
      withDatabase('verify', (db) => verify(db, output, { symbols: options.symbols, signal })),
    );

  return {
    async run(args) {
      await program.parseAsync(args, { from: 'user' });
      return exitCode;
    },
  };
}

type BackfillOptions = { path?: string; from?: string; to?: string; symbols?: string[]; prune?: boolean };
type BarsOptions = { from?: string; to?: string; complete?: boolean; format: BarsFormat };
