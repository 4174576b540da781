import { expect, test } from 'vitest';
import { readS3Config } from '../../../services/fetcher/s3/s3-config.ts';
import { isS3Path, readS3Place } from '../../../services/fetcher/s3/s3-place.ts';

const keys = { MASSIVE_S3_ACCESS_KEY_ID: 'an-id', MASSIVE_S3_SECRET_ACCESS_KEY: 'a-secret' };

test('the keys of flat files go to the endpoint of flat files', () => {
  expect(readS3Config(keys)).toMatchObject({
    endpoint: 'https://files.massive.com',
    accessKeyId: 'an-id',
    secretAccessKey: 'a-secret',
  });
  const endpoint = 'http://127.0.0.1:9000/';
  expect(readS3Config({ ...keys, MASSIVE_S3_ENDPOINT: endpoint }).endpoint).toBe('http://127.0.0.1:9000');
});

test.each(Object.keys(keys))('%s is named when it is missing or broken, and never shown', (name) => {
  expect(() => readS3Config({ ...keys, [name]: ' ' })).toThrow(`${name} is not set`);
  const broken = () => readS3Config({ ...keys, [name]: 'half\nkey' });
  expect(broken).toThrow(`${name} has spaces`);
  expect(broken).not.toThrow('half');
});

test("the API's key and the keys of AWS are not taken for them", () => {
  const others = { MASSIVE_API_KEY: 'x', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };
  expect(() => readS3Config(others)).toThrow('MASSIVE_S3_ACCESS_KEY_ID is not set');
});

test.each(['files.massive.com', 'ftp://files.massive.com', 'https://user:word@files.massive.com'])(
  'MASSIVE_S3_ENDPOINT does not take %s',
  (endpoint) => {
    expect(() => readS3Config({ ...keys, MASSIVE_S3_ENDPOINT: endpoint })).toThrow('MASSIVE_S3_ENDPOINT');
  },
);

test.each([
  ['s3://flatfiles/us_stocks_sip/day_aggs_v1', { bucket: 'flatfiles', prefix: 'us_stocks_sip/day_aggs_v1/' }],
  ['s3://flatfiles/us_stocks_sip/', { bucket: 'flatfiles', prefix: 'us_stocks_sip/' }],
  ['s3://flatfiles', { bucket: 'flatfiles', prefix: '' }],
])('%s is a bucket and a folder', (path, place) => {
  expect(readS3Place(path)).toEqual(place);
});

test.each(['s3://', 's3:///day_aggs_v1', 's3://A B/x'])('%j is no place', (path) => {
  expect(isS3Path(path)).toBe(true);
  expect(() => readS3Place(path)).toThrow('s3://flatfiles/us_stocks_sip/day_aggs_v1');
});
