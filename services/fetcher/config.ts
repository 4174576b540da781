import { parseArgs } from 'node:util';
import { type AwsConfig, readAwsConfig } from '../shared/aws-config.ts';
import { isDay } from '../shared/calendar/day.ts';
import { UsageError } from '../shared/exit-code.ts';

export type FetcherConfig = {
  /** Folder of day files. */
  readonly path: string;
  /** First and last trading day, both included; absent: no bound. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly prune: boolean;
  readonly databaseUrl: string;
  readonly busName: string;
  readonly aws: AwsConfig;
};

type Environment = Readonly<Record<string, string | undefined>>;

const usage = 'usage: fetcher --source flatfiles --path DIR [--from YYYY-MM-DD] [--to YYYY-MM-DD] [--prune]';

/** @throws {UsageError} naming the argument or variable, what it held and what it takes. */
export function readConfig(args: readonly string[], env: Environment): FetcherConfig {
  const { source, path, from, to, prune = false } = parse(args);
  if (source !== 'flatfiles') {
    throw new UsageError(`--source takes flatfiles, not ${JSON.stringify(source)}; ${usage}`);
  }
  if (!path) throw new UsageError(`--path takes the folder of the day files; ${usage}`);
  for (const [name, day] of Object.entries({ from, to })) {
    if (day !== undefined && !isDay(day)) {
      throw new UsageError(`--${name} takes a day as YYYY-MM-DD, not ${JSON.stringify(day)}; ${usage}`);
    }
  }
  return {
    path,
    from,
    to,
    prune,
    databaseUrl: required(env, 'DATABASE_URL', 'a connection string, postgres://user:password@host/database'),
    busName: required(env, 'FIBBARS_BUS', 'the name of the event bus'),
    aws: readAwsConfig(env),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
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
