import { expect, test } from 'vitest';
import { readFetchSettings } from '../../../../services/fetcher/fetch-settings.ts';
import { readMassiveConfig } from '../../../../services/fetcher/massive/massive-config.ts';
import { UsageError } from '../../../../services/shared/exit-code.ts';

test('a key is enough', () => {
  expect(readMassiveConfig({ MASSIVE_API_KEY: 'k1' })).toEqual({
    baseUrl: 'https://api.massive.com',
    apiKey: 'k1',
    callsPerMinute: 5,
  });
});

test('the key may have its former name, and the newline of its file', () => {
  expect(readMassiveConfig({ POLYGON_API_KEY: 'k2\n' }).apiKey).toBe('k2');
  expect(readMassiveConfig({ MASSIVE_API_KEY: 'k1', POLYGON_API_KEY: 'k2' }).apiKey).toBe('k1');
  expect(readMassiveConfig({ MASSIVE_API_KEY: '', POLYGON_API_KEY: 'k2' }).apiKey).toBe('k2');
});

test('the address may have a path, and a slash at its end', () => {
  const env = { MASSIVE_API_KEY: 'k', MASSIVE_BASE_URL: 'http://127.0.0.1:4000/massive/' };
  expect(readMassiveConfig(env).baseUrl).toBe('http://127.0.0.1:4000/massive');
});

test.each([
  [{}, 'MASSIVE_API_KEY is not set'],
  [{ MASSIVE_API_KEY: ' ' }, 'MASSIVE_API_KEY is not set'],
  [{ MASSIVE_API_KEY: 'hush hush' }, 'MASSIVE_API_KEY has spaces'],
  [{ POLYGON_API_KEY: 'hush\nhush' }, 'POLYGON_API_KEY has spaces'],
  [{ MASSIVE_API_KEY: 'hush', MASSIVE_BASE_URL: 'api.massive.com' }, 'MASSIVE_BASE_URL is "api.massive.com"'],
  [{ MASSIVE_API_KEY: 'hush', MASSIVE_BASE_URL: 'ftp://host' }, 'MASSIVE_BASE_URL is "ftp://host"'],
  [{ MASSIVE_API_KEY: 'k', MASSIVE_BASE_URL: 'https://host/?apiKey=hush' }, 'MASSIVE_BASE_URL has a user'],
  [{ MASSIVE_API_KEY: 'k', MASSIVE_BASE_URL: 'https://hush@host' }, 'MASSIVE_BASE_URL has a user'],
  [{ MASSIVE_API_KEY: 'hush', MASSIVE_CALLS_PER_MINUTE: '0' }, 'MASSIVE_CALLS_PER_MINUTE is "0"'],
  [{ MASSIVE_API_KEY: 'hush', MASSIVE_CALLS_PER_MINUTE: '1e3' }, 'MASSIVE_CALLS_PER_MINUTE is "1e3"'],
])('%j is refused without the key', (env, words) => {
  const read = () => readMassiveConfig(env);
  expect(read).toThrow(UsageError);
  expect(read).toThrow(words);
  expect(read).not.toThrow('hush');
});

test('a night looks back 300 days, and no symbol is a test ticker, unless it is said', () => {
  expect(readFetchSettings({})).toEqual({ lookbackDays: 300, testTickers: new Set() });
  expect(readFetchSettings({ FIBONACCI_LOOKBACK_DAYS: '30', FIBBARS_TEST_TICKERS: 'ZVZZT, ZWZZT' })).toEqual({
    lookbackDays: 30,
    testTickers: new Set(['ZVZZT', 'ZWZZT']),
  });
});

test.each([
  [{ FIBONACCI_LOOKBACK_DAYS: '0' }, 'FIBONACCI_LOOKBACK_DAYS is "0"'],
  [{ FIBONACCI_LOOKBACK_DAYS: '10.5' }, 'FIBONACCI_LOOKBACK_DAYS is "10.5"'],
  [{ FIBBARS_TEST_TICKERS: 'A,*' }, 'FIBBARS_TEST_TICKERS is "A,*"'],
])('%j is refused, saying what it takes', (env, words) => {
  expect(() => readFetchSettings(env)).toThrow(UsageError);
  expect(() => readFetchSettings(env)).toThrow(words);
});
