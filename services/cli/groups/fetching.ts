import { InvalidArgumentError, Option } from 'commander';
import type { AvailableDay } from '../../fetcher/available-day.ts';
import type { DayBounds } from '../../fetcher/available-days.ts';
import { withDayFileReader } from '../../fetcher/day-file-readers.ts';
import { type DayFilesPlace, dayFilesAt, type Reading } from '../../fetcher/day-files-at.ts';
import { flatFileSource } from '../../fetcher/flat-file.ts';
import { sessionsToAsk } from '../../fetcher/massive/backfill-massive.ts';
import { createMassiveClient } from '../../fetcher/massive/massive-client.ts';
import { readMassiveConfig } from '../../fetcher/massive/massive-config.ts';
import { massiveSource } from '../../fetcher/massive/massive-source.ts';
import { nothingToAsk } from '../../fetcher/nightly/run-nightly.ts';
import { readS3Config } from '../../fetcher/s3/s3-config.ts';
import { isS3Path } from '../../fetcher/s3/s3-place.ts';
import { firstYear } from '../../shared/calendar/sessions.ts';
import { UsageError } from '../../shared/exit-code.ts';
import { parseDay, parseSymbols } from '../arguments.ts';
import { backfillAnywhere } from '../backfill-anywhere.ts';
import type { CommandContext } from '../command-context.ts';
import { reportBackfill, runBackfill } from '../commands/backfill.ts';
import { reportMassiveBackfill, runMassiveBackfill } from '../commands/backfill-massive.ts';
import { fetchNight, reportNight } from '../commands/fetch.ts';
import { readSettings } from '../settings.ts';

type BackfillOptions = {
  source: string;
  path?: string;
  from?: string;
  to?: string;
  symbols?: string[];
  prune?: boolean;
  concurrency?: number;
};

const clock = () => new Date();

/** Commands that bring bars. */
export function addFetchingCommands(context: CommandContext): void {
  const { command, withWorkplace, env, output, signal, logger, exit } = context;

  command('backfill', 'take in history; goes on where it was cut off')
    .addOption(
      new Option('--source <source>', 'where the bars come from')
        .choices([massiveSource, flatFileSource])
        .makeOptionMandatory(),
    )
    .option(
      '--path <folder>',
      'with flatfiles: files named YYYY-MM-DD.csv.gz or .csv, at any depth; or s3://flatfiles/us_stocks_sip/day_aggs_v1',
    )
    .option('--from <day>', 'first trading day; with massive it must be given', parseDay)
    .option('--to <day>', 'last trading day', parseDay)
    .option('--symbols <list>', 'A,B or a file with one symbol a line', parseSymbols)
    .option('--prune', 'delete stored bars that the source lacks')
    .option(
      '--concurrency <n>',
      'with flatfiles: files parsed at once (default: one a core)',
      parseConcurrency,
    )
    .addHelpText(
      'after',
      `
massive needs MASSIVE_API_KEY, and goes at MASSIVE_CALLS_PER_MINUTE (5): one call a session, or one a symbol where --symbols
names at most 100 and those are fewer calls. Splits come with it.

A path s3://BUCKET/FOLDER needs MASSIVE_S3_ACCESS_KEY_ID and MASSIVE_S3_SECRET_ACCESS_KEY, the keys of Massive's flat files; its
endpoint is MASSIVE_S3_ENDPOINT (https://files.massive.com). Only what is missing or was replaced is downloaded.

A file that is named for a Saturday or Sunday is refused; one named for a holiday is taken in, and told of.`,
    )
    .action(async (options: BackfillOptions) =>
      exit(
        await (options.source === massiveSource ? backfillFromMassive(options) : backfillFromFiles(options)),
      ),
    );

  command('fetch', 'take in the latest trading day, and what is missing before it')
    .option('--date <day>', 'this trading day alone', parseDay)
    .option(
      '--symbols <list>',
      'A,B or a file with one symbol a line, a watch list; the whole market by default',
      parseSymbols,
    )
    .addHelpText(
      'after',
      `
It needs MASSIVE_API_KEY. Beside the latest session that has closed it takes the gaps of FIBONACCI_LOOKBACK_DAYS (300), the last 5
sessions again, of which it writes what was restated, and new splits. A session that is not published yet is no failure: the
next run takes it. A session that was taken for some symbols counts as taken: \`backfill\` brings the others.`,
    )
    .action(async (options: { date?: string; symbols?: string[] }) => {
      const { symbols } = options;
      const settings = readSettings(env);
      const day = calendarDay(options.date);
      const inVain = day === undefined ? null : nothingToAsk(day, clock());
      if (inVain !== null) {
        exit(reportNight(output, inVain));
        return;
      }
      const log = logger(settings, 'fetch');
      const client = createMassiveClient(readMassiveConfig(env), log);
      const request = { day, ...settings.fetch, symbols: symbols && new Set(symbols) };
      await withWorkplace('fetch', { needsData: false }, (deps) =>
        fetchNight({ ...deps, client, clock, logger: log }, request),
      );
    });

  async function backfillFromMassive(options: BackfillOptions): Promise<number> {
    const { from, to, symbols, prune } = options;
    const settings = readSettings(env);
    for (const name of ['path', 'concurrency'] as const) {
      if (options[name] !== undefined) throw new UsageError(`--${name} is for --source flatfiles`);
    }
    if (from === undefined) throw new UsageError('--source massive needs --from, the first trading day');
    if (sessionsToAsk({ from, to }, clock()).length === 0) {
      throw new UsageError(
        `No session of the New York Stock Exchange has closed from ${from} to ${to ?? 'now'}: choose other days`,
      );
    }
    const deps = { settings, output, logger: logger(settings, 'backfill'), signal };
    const client = createMassiveClient(readMassiveConfig(env), deps.logger);
    const { testTickers } = settings.fetch;
    const request = { from, to, ...(symbols && { symbols: new Set(symbols) }), testTickers, prune };
    return await backfillAnywhere(
      deps,
      (place) => runMassiveBackfill({ ...place, client, clock }, request),
      (report) => reportMassiveBackfill(output, report),
    );
  }

  async function backfillFromFiles(options: BackfillOptions): Promise<number> {
    const { path, from, to, symbols, prune } = options;
    const settings = readSettings(env);
    const { concurrency = settings.parallelism } = options;
    if (!path) throw new UsageError('--source flatfiles needs --path, the folder of the day files');
    const { testTickers } = settings.fetch;
    const s3 = isS3Path(path) ? readS3Config(env) : undefined;
    const selection = { ...(symbols && { symbols: new Set(symbols) }), testTickers };
    return await withDayFileReader(concurrency, async (read) => {
      const days = await findDays({ path, s3 }, { from, to }, { selection, read, signal });
      if (days.length === 0) throw new UsageError(noDayFile(path, { from, to }));
      const deps = { settings, output, logger: logger(settings, 'backfill'), signal };
      return await backfillAnywhere(
        deps,
        (place) =>
          runBackfill(place, { source: flatFileSource, days, from, to, prune, readAhead: concurrency + 1 }),
        (report) => reportBackfill(output, report),
      );
    });
  }
}

/** @throws {UsageError} if there is no such folder. */
async function findDays(place: DayFilesPlace, bounds: DayBounds, reading: Reading): Promise<AvailableDay[]> {
  return await dayFilesAt(place, bounds, reading).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw new UsageError(`--path is ${place.path}, and there is no such folder`, { cause: error });
  });
}

function noDayFile(path: string, { from, to }: DayBounds): string {
  const range = from || to ? ` from ${from ?? 'the start'} to ${to ?? 'the end'}` : '';
  return `no file named YYYY-MM-DD.csv.gz or YYYY-MM-DD.csv below ${path}${range}`;
}

/** Each file that is parsed takes some 100 MB. */
const mostAtOnce = 64;

function parseConcurrency(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= mostAtOnce) return count;
  throw new InvalidArgumentError(`It takes a whole number from 1 to ${mostAtOnce}.`);
}

function calendarDay(day: string | undefined): string | undefined {
  if (day === undefined || day >= `${firstYear}-01-01`) return day;
  throw new UsageError(`--date is ${day}: the trading calendar begins in ${firstYear}`);
}
