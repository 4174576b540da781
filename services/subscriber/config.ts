import { type AwsConfig, readAwsConfig } from '../shared/aws-config.ts';
import { UsageError } from '../shared/exit-code.ts';

export type SubscriberConfig = {
  readonly databaseUrl: string;
  readonly queueUrl: string;
  readonly aws: AwsConfig;
};

/** @throws {UsageError} naming the variable that is missing. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): SubscriberConfig {
  const required = (name: string, takes: string) => {
    const value = env[name];
    if (!value) throw new UsageError(`${name} is not set: it takes ${takes}`);
    return value;
  };
  return {
    databaseUrl: required('DATABASE_URL', 'a connection string; reading silver is all that it must allow'),
    queueUrl: required('FIBBARS_SUBSCRIBER_QUEUE_URL', "the URL of the subscriber's queue"),
    aws: readAwsConfig(env),
  };
}
