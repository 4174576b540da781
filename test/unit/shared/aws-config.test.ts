import { expect, test } from 'vitest';
import { isOnAws, NoCloudChosenError, readAwsConfig } from '../../../services/shared/aws-config.ts';

const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };

test('credentials alone never select AWS', () => {
  expect(() => readAwsConfig(keys)).toThrow(NoCloudChosenError);
  expect(() => readAwsConfig({ ...keys, FIBBARS_CLOUD: 'yes' })).toThrow('FIBBARS_CLOUD is "yes"');
});

test('FIBBARS_CLOUD=aws selects AWS', () => {
  expect(readAwsConfig({ FIBBARS_CLOUD: 'aws', AWS_REGION: 'eu-west-1' })).toEqual({ region: 'eu-west-1' });
});

test('a loopback endpoint gets made-up credentials where there are none', () => {
  for (const endpoint of ['http://127.0.0.1:4599', 'http://localhost:4566', 'http://[::1]:1']) {
    expect(readAwsConfig({ AWS_ENDPOINT_URL: endpoint })).toEqual({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    expect(readAwsConfig({ ...keys, AWS_ENDPOINT_URL: endpoint })).not.toHaveProperty('credentials');
  }
});

test('an endpoint elsewhere gets no made-up credentials', () => {
  const config = readAwsConfig({ AWS_ENDPOINT_URL: 'https://127.0.0.1.example.com' });
  expect(config).toEqual({ endpoint: 'https://127.0.0.1.example.com', region: 'us-east-1' });
});

test('an endpoint that is no URL is named', () => {
  expect(() => readAwsConfig({ AWS_ENDPOINT_URL: 'localhost 4599' })).toThrow('"localhost 4599"');
});

test.each([
  [{ FIBBARS_CLOUD: 'aws' }, true],
  [{ FIBBARS_CLOUD: 'aws', AWS_ENDPOINT_URL: 'http://127.0.0.1:4599' }, false],
  [{ AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' }, false],
  [{}, false],
])('with %j it is AWS itself: %s', (env, expected) => {
  expect(isOnAws(env)).toBe(expected);
});
