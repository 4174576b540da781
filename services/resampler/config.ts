import { parseArgs } from 'node:util';
import { type AwsConfig, readAwsConfig } from '../shared/aws-config.ts';
import { UsageError } from '../shared/exit-code.ts';
import { readTaskPrice, type TaskPrice } from '../shared/task-price.ts';

export type ResamplerConfig = {
  readonly jobId: string;
  /** In days, ascending. */
  readonly intervals: readonly number[];
  /** Position in the array job; 0 for a job of one. */
  readonly shard: number;
  /** Chunks at once. */
  readonly sessions: number;
  readonly databaseUrl: string;
  readonly busName: string;
  readonly aws: AwsConfig;
  readonly taskPrice: TaskPrice | undefined;
  readonly logLevel: string;
};

type Environment = Readonly<Record<string, string | undefined>>;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const usage = 'usage: resampler --job ID --intervals 3,5,8,13,21,34';

/** @throws {UsageError} naming the argument or variable, what it held and what it takes. */
export function readConfig(args: readonly string[], env: Environment): ResamplerConfig {
  const { job, intervals } = parse(args);
  if (job === undefined || !uuid.test(job)) {
    throw new UsageError(`--job takes the id of a row in ops.job, not ${JSON.stringify(job)}; ${usage}`);
  }
  return {
    jobId: job,
    intervals: parseIntervals(intervals),
    shard: wholeNumber(env, 'AWS_BATCH_JOB_ARRAY_INDEX', 0, 0),
    sessions: wholeNumber(env, 'FIBBARS_RESAMPLER_SESSIONS', 1, 1),
    databaseUrl: required(env, 'DATABASE_URL', 'a connection string, postgres://user:password@host/database'),
    busName: required(env, 'FIBBARS_BUS', 'the name of the event bus'),
    aws: readAwsConfig(env),
    taskPrice: readTaskPrice(env),
    logLevel: env['LOG_LEVEL'] ?? 'info',
  };
}

function parse(args: readonly string[]): { job?: string | undefined; intervals?: string | undefined } {
  try {
    return parseArgs({
      args: [...args],
      options: { job: { type: 'string' }, intervals: { type: 'string' } },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}; ${usage}`, {
      cause: error,
    });
  }
}

function parseIntervals(text: string | undefined): number[] {
  const days = (text ?? '').split(',').map(Number);
  if (days.some((each) => !Number.isInteger(each) || each < 2)) {
    throw new UsageError(`--intervals takes days from 2 up, as 3,5,8, not ${JSON.stringify(text)}; ${usage}`);
  }
  return [...new Set(days)].toSorted((a, b) => a - b);
}

function required(env: Environment, name: string, takes: string): string {
  const value = env[name];
  if (!value) throw new UsageError(`${name} is not set: it takes ${takes}`);
  return value;
}

function wholeNumber(env: Environment, name: string, fallback: number, least: number): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`${name} is ${JSON.stringify(text)}: it takes a whole number from ${least} up`);
  }
  return value;
}
