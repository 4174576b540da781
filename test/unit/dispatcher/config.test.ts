import { expect, test } from 'vitest';
import { readConfig } from '../../../services/dispatcher/config.ts';
import { readConfig as readSubscriberConfig } from '../../../services/subscriber/config.ts';

const env = {
  DATABASE_URL: 'postgres://localhost/fibbars',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:4599',
  FIBBARS_BUS: 'bus',
  FIBBARS_QUEUE_URL: 'http://127.0.0.1:4599/queue',
  FIBBARS_JOB_QUEUE: 'jobs',
  FIBBARS_JOB_DEFINITION: 'resample',
  FIBBARS_SUBSCRIBER_QUEUE_URL: 'http://127.0.0.1:4599/subscriber',
};

test('reads the settings of the dispatcher, with what need not be set', () => {
  expect(readConfig(env)).toMatchObject({
    busName: 'bus',
    jobSize: { barsPerShard: 2_000_000, maxShards: 16 },
    sweepEveryMs: 60_000,
    deadLetterQueueUrl: undefined,
  });
  expect(readConfig({ ...env, FIBBARS_MAX_SHARDS: '4', FIBBARS_SWEEP_SECONDS: '30' })).toMatchObject({
    jobSize: { maxShards: 4 },
    sweepEveryMs: 30_000,
  });
});

test.each([
  'DATABASE_URL',
  'FIBBARS_BUS',
  'FIBBARS_QUEUE_URL',
  'FIBBARS_JOB_QUEUE',
  'FIBBARS_JOB_DEFINITION',
])('names %s when it is missing', (name) => {
  expect(() => readConfig({ ...env, [name]: '' })).toThrow(`${name} is not set`);
});

test('says what a number held', () => {
  expect(() => readConfig({ ...env, FIBBARS_MAX_SHARDS: 'many' })).toThrow(
    'FIBBARS_MAX_SHARDS is "many": it takes a whole number from 1 up',
  );
});

test("names the subscriber's queue when it is missing", () => {
  expect(() => readSubscriberConfig({ ...env, FIBBARS_SUBSCRIBER_QUEUE_URL: undefined })).toThrow(
    'FIBBARS_SUBSCRIBER_QUEUE_URL is not set',
  );
});
