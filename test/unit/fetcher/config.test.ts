import { expect, test } from 'vitest';
import { readConfig } from '../../../services/fetcher/config.ts';
import { UsageError } from '../../../services/shared/exit-code.ts';

const env = {
  DATABASE_URL: 'postgres://localhost/bars',
  FIBBARS_BUS: 'bus',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:4599',
};
const args = ['--source', 'flatfiles', '--path', 'bars'];

test('reads the folder and the days', () => {
  const config = readConfig([...args, '--from', '2017-01-03', '--prune'], env);
  expect(config).toMatchObject({
    path: 'bars',
    from: '2017-01-03',
    to: undefined,
    prune: true,
    busName: 'bus',
  });
});

test('a folder in a bucket comes with the keys for it', () => {
  const bucket = ['--source', 'flatfiles', '--path', 's3://flatfiles/us_stocks_sip/day_aggs_v1'];
  expect(() => readConfig(bucket, env)).toThrow('MASSIVE_S3_ACCESS_KEY_ID');
  const keys = { MASSIVE_S3_ACCESS_KEY_ID: 'an-id', MASSIVE_S3_SECRET_ACCESS_KEY: 'a-secret' };
  expect(readConfig(bucket, { ...env, ...keys })).toMatchObject({ s3: { accessKeyId: 'an-id' } });
  expect(readConfig(args, { ...env, ...keys })).toMatchObject({ s3: undefined });
});

test('without a source it is a night from Massive', () => {
  const config = readConfig([], { ...env, MASSIVE_API_KEY: 'k', FIBONACCI_LOOKBACK_DAYS: '30' });
  expect(config).toMatchObject({
    massive: { baseUrl: 'https://api.massive.com', apiKey: 'k', callsPerMinute: 5 },
    day: undefined,
    lookbackDays: 30,
    testTickers: new Set(),
    busName: 'bus',
  });
  expect(readConfig(['--date', '2026-11-24'], { ...env, POLYGON_API_KEY: 'k' })).toMatchObject({
    day: '2026-11-24',
    lookbackDays: 300,
  });
});

test('a night takes the whole market, or the symbols that it is told', () => {
  const night = { ...env, MASSIVE_API_KEY: 'k' };
  expect(readConfig([], night)).toMatchObject({ symbols: undefined });
  expect(readConfig([], { ...night, FIBBARS_SYMBOLS: 'AAPL,BRK.A,CpS' })).toMatchObject({
    symbols: new Set(['AAPL', 'BRK.A', 'CpS']),
  });
});

test('symbols that are no stocks are left out of day files too', () => {
  expect(readConfig(args, { ...env, FIBBARS_TEST_TICKERS: 'ZVZZT' })).toMatchObject({
    testTickers: new Set(['ZVZZT']),
  });
});

test.each([
  [['--path', 'bars'], env, '--source'],
  [[], env, 'MASSIVE_API_KEY'],
  [[], { ...env, MASSIVE_API_KEY: 'k', FIBBARS_SYMBOLS: 'AAPL,B_D' }, 'FIBBARS_SYMBOLS'],
  [[], { ...env, MASSIVE_API_KEY: 'k', FIBBARS_SYMBOLS: ',' }, 'FIBBARS_SYMBOLS'],
  [[], { ...env, MASSIVE_API_KEY: 'k', FIBBARS_TASK_USD_HOUR: '1' }, 'FIBBARS_TASK_USD_HOUR'],
  [['--date', '2026-11-31'], { ...env, MASSIVE_API_KEY: 'k' }, '--date'],
  [['--from', '2026-11-24'], { ...env, MASSIVE_API_KEY: 'k' }, '--from'],
  [[...args, '--date', '2017-02-03'], env, '--date'],
  [['--source', 'massive', '--path', 'bars'], env, '--source'],
  [['--source', 'flatfiles'], env, '--path'],
  [[...args, '--from', '2017-02-30'], env, '--from'],
  [[...args, '--until', '2017-02-03'], env, '--until'],
  [args, { ...env, DATABASE_URL: '' }, 'DATABASE_URL'],
  [args, { ...env, FIBBARS_BUS: undefined }, 'FIBBARS_BUS'],
])('%j is refused, naming what is wrong', (given, environment, named) => {
  expect(() => readConfig(given, environment)).toThrow(UsageError);
  expect(() => readConfig(given, environment)).toThrow(named);
});
