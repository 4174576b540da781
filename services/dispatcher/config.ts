import { type AwsConfig, readAwsConfig } from '../shared/aws-config.ts';
import { UsageError } from '../shared/exit-code.ts';
import { defaultJobSize, type JobSize } from './job-size.ts';

export type DispatcherConfig = {
  readonly databaseUrl: string;
  readonly busName: string;
  readonly queueUrl: string;
  /** undefined: the one that the queue's redrive policy names. */
  readonly deadLetterQueueUrl: string | undefined;
  readonly jobQueue: string;
  readonly jobDefinition: string;
  readonly jobSize: JobSize;
  readonly sweepEveryMs: number;
  readonly aws: AwsConfig;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {UsageError} naming the variable, what it held and what it takes. */
export function readConfig(env: Environment): DispatcherConfig {
  return {
    databaseUrl: required(env, 'DATABASE_URL', 'a connection string, postgres://user:password@host/database'),
    busName: required(env, 'FIBBARS_BUS', 'the name of the event bus'),
    queueUrl: required(env, 'FIBBARS_QUEUE_URL', "the URL of the dispatcher's queue"),
    deadLetterQueueUrl: env['FIBBARS_DEAD_LETTER_QUEUE_URL'] || undefined,
    jobQueue: required(env, 'FIBBARS_JOB_QUEUE', 'the name or ARN of the Batch job queue'),
    jobDefinition: required(env, 'FIBBARS_JOB_DEFINITION', 'the name or ARN of the Batch job definition'),
    jobSize: {
      barsPerShard: positive(env, 'FIBBARS_BARS_PER_SHARD', defaultJobSize.barsPerShard),
      maxShards: positive(env, 'FIBBARS_MAX_SHARDS', defaultJobSize.maxShards),
    },
    sweepEveryMs: 1_000 * positive(env, 'FIBBARS_SWEEP_SECONDS', 60),
    aws: readAwsConfig(env),
  };
}

function required(env: Environment, name: string, takes: string): string {
  const value = env[name];
  if (!value) throw new UsageError(`${name} is not set: it takes ${takes}`);
  return value;
}

function positive(env: Environment, name: string, fallback: number): number {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new UsageError(`${name} is ${JSON.stringify(text)}: it takes a whole number from 1 up`);
  }
  return value;
}
