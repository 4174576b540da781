import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { type FetchSettings, readFetchSettings } from '../fetcher/fetch-settings.ts';
import { type AwsConfig, readAwsConfig } from '../shared/aws-config.ts';
import { UsageError } from '../shared/exit-code.ts';

export type Settings = {
  /** Absolute path of the local data folder. */
  readonly dataFolder: string;
  /** Someone's PostgreSQL; undefined: the one in the data folder. */
  readonly databaseUrl: string | undefined;
  /** undefined: the local cloud. */
  readonly aws: AwsConfig | undefined;
  /** Of resources at an endpoint that is not the local cloud. */
  readonly names: {
    readonly bus: string | undefined;
    readonly queueUrl: string | undefined;
    readonly deadLetterQueueUrl: string | undefined;
    readonly jobQueue: string | undefined;
    readonly jobDefinition: string | undefined;
  };
  readonly fetch: FetchSettings;
  readonly logLevel: string;
  /** Cores to use. */
  readonly parallelism: number;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {UsageError} naming the variable, what it held and what it takes. */
export function readSettings(env: Environment): Settings {
  const databaseUrl = env['DATABASE_URL'] || undefined;
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new UsageError(
      `DATABASE_URL is ${JSON.stringify(databaseUrl.replace(/:[^:@/]*@/, ':***@'))}: it takes a connection string, postgres://user:password@host:5432/database`,
    );
  }
  const cloud = env['FIBBARS_CLOUD'] || undefined;
  if (cloud !== undefined && cloud !== 'aws' && cloud !== 'local') {
    throw new UsageError(`FIBBARS_CLOUD is ${JSON.stringify(cloud)}: it takes aws or local`);
  }
  const elsewhere = cloud === 'aws' || (env['AWS_ENDPOINT_URL'] && cloud !== 'local');
  return {
    dataFolder: resolve(env['FIBBARS_DATA_DIR'] || '.fibbars'),
    databaseUrl,
    aws: elsewhere ? readAwsConfig(env) : undefined,
    names: {
      bus: env['FIBBARS_BUS'] || undefined,
      queueUrl: env['FIBBARS_QUEUE_URL'] || undefined,
      deadLetterQueueUrl: env['FIBBARS_DEAD_LETTER_QUEUE_URL'] || undefined,
      jobQueue: env['FIBBARS_JOB_QUEUE'] || undefined,
      jobDefinition: env['FIBBARS_JOB_DEFINITION'] || undefined,
    },
    fetch: readFetchSettings(env),
    logLevel: env['LOG_LEVEL'] || 'warn',
    parallelism: availableParallelism(),
  };
}
