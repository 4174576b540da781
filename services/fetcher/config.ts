import { parseArgs } from 'node:util';
import { type AwsConfig, readAwsConfig } from '../shared/aws-config.ts';
import { isDay } from '../shared/calendar/day.ts';
import { UsageError } from '../shared/exit-code.ts';
import { readTaskPrice, type TaskPrice } from '../shared/task-price.ts';
import { readFetchSettings } from './fetch-settings.ts';
import { type MassiveConfig, readMassiveConfig } from './massive/massive-config.ts';
import { readS3Config, type S3Config } from './s3/s3-config.ts';
import { isS3Path } from './s3/s3-place.ts';

/** A night from Massive: one trading day, or the latest and what is missing before it. */
export type NightConfig = {
  readonly massive: MassiveConfig;
  readonly day: string | undefined;
  readonly lookbackDays: number;
  readonly testTickers: ReadonlySet<string>;
  /** undefined: the whole market. */
  readonly symbols: ReadonlySet<string> | undefined;
};

export type DayFilesConfig = {
  /** Folder of day files; with `s3` one in a bucket, `s3://bucket/folder`. */
  readonly path: string;
  readonly s3: S3Config | undefined;
  /** First and last trading day, both included; absent: no bound. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly prune: boolean;
  readonly testTickers: ReadonlySet<string>;
};

export type FetcherConfig = (NightConfig | DayFilesConfig) & {
  readonly databaseUrl: string;
  readonly busName: string;
  readonly aws: AwsConfig;
  readonly taskPrice: TaskPrice | undefined;
};

type Environment = Readonly<Record<string, string | undefined>>;

const usage =
  'usage: fetcher [--date YYYY-MM-DD], or fetcher --source flatfiles --path DIR [--from YYYY-MM-DD] [--to YYYY-MM-DD] [--prune]';

/** @throws {UsageError} naming the argument or variable, what it held and what it takes. */
export function readConfig(args: readonly string[], env: Environment): FetcherConfig {
  const values = parse(args);
  for (const name of ['date', 'from', 'to'] as const) {
    const day = values[name];
    if (day !== undefined && !isDay(day)) {
      throw new UsageError(`--${name} takes a day as YYYY-MM-DD, not ${JSON.stringify(day)}; ${usage}`);
    }
  }
  return {
    ...(values.source === undefined ? readNight(values, env) : readDayFiles(values, env)),
    databaseUrl: required(env, 'DATABASE_URL', 'a connection string, postgres://user:password@host/database'),
    busName: required(env, 'FIBBARS_BUS', 'the name of the event bus'),
    aws: readAwsConfig(env),
    taskPrice: readTaskPrice(env),
  };
}

function readNight(values: Values, env: Environment): NightConfig {
  const other = (['path', 'from', 'to', 'prune'] as const).find((name) => values[name] !== undefined);
  if (other !== undefined) throw new UsageError(`--${other} needs --source flatfiles; ${usage}`);
  return {
    massive: readMassiveConfig(env),
    day: values.date,
    symbols: readSymbols(env),
    ...readFetchSettings(env),
  };
}

/** Reads FIBBARS_SYMBOLS, `AAPL,BRK.A`, case-sensitive. */
function readSymbols(env: Environment): ReadonlySet<string> | undefined {
  const text = env['FIBBARS_SYMBOLS'];
  if (!text) return undefined;
  const symbols = text.split(/[\s,]+/).filter(Boolean);
  const wrong = symbols.find((symbol) => !/^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$/.test(symbol));
  if (wrong !== undefined || symbols.length === 0) {
    throw new UsageError(
      `FIBBARS_SYMBOLS has ${JSON.stringify(wrong ?? text)}: it takes symbols such as AAPL,BRK.A`,
    );
  }
  return new Set(symbols);
}

function readDayFiles(values: Values, env: Environment): DayFilesConfig {
  const { source, path, from, to, prune = false } = values;
  if (source !== 'flatfiles') {
    throw new UsageError(`--source takes flatfiles, not ${JSON.stringify(source)}; ${usage}`);
  }
  if (!path)
    throw new UsageError(`--path takes the folder of the day files, or s3://bucket/folder; ${usage}`);
  if (values.date !== undefined) throw new UsageError(`--date is for a night without --source; ${usage}`);
  const s3 = isS3Path(path) ? readS3Config(env) : undefined;
  return { path, s3, from, to, prune, testTickers: readFetchSettings(env).testTickers };
}

type Values = ReturnType<typeof parse>;

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        date: { type: 'string' },
        source: { type: 'string' },
        path: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        prune: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}; ${usage}`, {
      cause: error,
    });
  }
}

function required(env: Environment, name: string, takes: string): string {
  const value = env[name];
  if (!value) throw new UsageError(`${name} is not set: it takes ${takes}`);
  return value;
}
