import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type BackfillRequest, backfill } from '../../../services/fetcher/backfill.ts';
import { TwoFilesOfOneDayError } from '../../../services/fetcher/find-day-files.ts';
import { readFlatFile } from '../../../services/fetcher/flat-file.ts';
import { runFetcher } from '../../../services/fetcher/handler.ts';
import { s3Days } from '../../../services/fetcher/s3/s3-days.ts';
import { readS3Place } from '../../../services/fetcher/s3/s3-place.ts';
import { createLogger } from '../../../services/shared/logger.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { refuse, type ScriptedS3, startScriptedS3 } from '../../support/scripted-s3.ts';

const header = 'ticker,volume,open,close,high,low,window_start,transactions';
const days = ['2017-01-03', '2017-01-04', '2017-01-05', '2017-01-06', '2017-01-09'];
const secret = 'the-secret-access-key';

let database: TestDatabase;
let s3: ScriptedS3;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  s3 = await startScriptedS3();
  for (const day of days) s3.objects.set(keyOf(day), gzipSync(contentOf(day)));
  folder = await mkdtemp(join(tmpdir(), 'fibbars-s3-test-'));
  vi.stubEnv('TMPDIR', folder);
  await database.db.query(
    'truncate raw_ohlcv, ops.symbol, ops.change, ops.invalidation, ops.outbox, ops.quarantine, ops.trading_day',
  );
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await s3.close();
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true, force: true });
});

function keyOf(day: string): string {
  return `us_stocks_sip/day_aggs_v1/${day.slice(0, 4)}/${day.slice(5, 7)}/${day}.csv.gz`;
}

function contentOf(day: string, close = '11'): string {
  const stamp = BigInt(Date.parse(`${day}T05:00:00Z`)) * 1_000_000n;
  return [header, ...['A', 'B'].map((ticker) => `${ticker},100,10,${close},12,9,${stamp},`), ''].join('\n');
}

function isOf(request: IncomingMessage, day: string): boolean {
  return request.url?.split('?')[0] === `/flatfiles/${keyOf(day)}`;
}

const root = 's3://flatfiles/us_stocks_sip/day_aggs_v1';

function configWith(timeoutMs: number) {
  return { endpoint: s3.endpoint, accessKeyId: 'the-access-key', secretAccessKey: secret, timeoutMs };
}

async function find(from?: string, { timeoutMs = 5_000, at = root } = {}) {
  const deps = { config: configWith(timeoutMs), read: readFlatFile, signal: new AbortController().signal };
  return await s3Days(deps, readS3Place(at), { from }, {});
}

async function run(available = find(), more: Partial<BackfillRequest> = {}) {
  return await backfill(
    { db: database.db, publish: () => Promise.resolve(), logger: createLogger('test', 'silent') },
    {
      source: 'flatfiles',
      days: await available,
      cause: 'backfill',
      signal: new AbortController().signal,
      ...more,
    },
  );
}

test('days are downloaded once: what bronze has taken in is only listed', async () => {
  expect(await run()).toMatchObject({ ingested: 5, inserted: 10, failed: [], missingDays: [] });
  expect(s3.gets.toSorted()).toEqual(days.map((day) => `/flatfiles/${keyOf(day)}`));
  s3.gets.length = 0;
  expect(await run()).toMatchObject({ ingested: 0, skipped: 5, failed: [] });
  expect(s3.gets).toEqual([]);
});

test('the service takes them too, and ends with 1 when a day failed', async () => {
  const service = {
    db: database.db,
    publish: () => Promise.resolve(),
    logger: createLogger('test', 'silent'),
    clock: () => new Date(),
    signal: new AbortController().signal,
  };
  const config = {
    path: root,
    s3: configWith(5_000),
    from: '2017-01-05',
    to: '2017-01-09',
    prune: false,
    testTickers: new Set<string>(),
  };
  expect(await runFetcher(service, config)).toBe(0);
  s3.objects.set(keyOf('2017-01-09'), Buffer.from('no gzip'));
  expect(await runFetcher(service, config)).toBe(1);
  const stored = await database.db.query('select distinct date from raw_ohlcv order by date');
  expect(stored.map((row) => row['date'])).toEqual(days.slice(2));
});

test('a file that was replaced is downloaded again, and only what differs is written', async () => {
  // As long as the one before it.
  const uncompressed = (content: string) => gzipSync(content, { level: 0 });
  s3.objects.set(keyOf('2017-01-04'), uncompressed(contentOf('2017-01-04')));
  await run();
  s3.gets.length = 0;
  s3.objects.set(keyOf('2017-01-04'), uncompressed(contentOf('2017-01-04', '10')));
  expect(await run()).toMatchObject({ ingested: 1, skipped: 4, corrected: 2, inserted: 0 });
  expect(s3.gets).toEqual([`/flatfiles/${keyOf('2017-01-04')}`]);
  expect(await run()).toMatchObject({ ingested: 0, skipped: 5 });
});

test('only days of the range, of names that are days, and below the folder are looked at', async () => {
  s3.objects.set('us_stocks_sip/day_aggs_v1/2017/01/readme.csv.gz', Buffer.from(''));
  s3.objects.set('us_stocks_sip/minute_aggs_v1/2017/01/2017-01-05.csv.gz', Buffer.from(''));
  expect((await find('2017-01-05')).map((day) => day.tradingDay)).toEqual(days.slice(2));
  await expect(find(undefined, { at: 's3://flatfiles' })).rejects.toThrow(TwoFilesOfOneDayError);
  await expect(find(undefined, { at: 's3://flatfiles' })).rejects.toThrow(
    `s3://flatfiles/${keyOf('2017-01-05')}`,
  );
});

test('requests are signed with the keys, and the secret is in none of them', async () => {
  await run();
  for (const { headers, url } of s3.requests) {
    expect(headers.authorization).toContain('AWS4-HMAC-SHA256 Credential=the-access-key/');
    expect(JSON.stringify([headers, url])).not.toContain(secret);
  }
});

test('a file that the plan does not include fails its day in clear words, and the others go on', async () => {
  s3.answer = (request, response) => isOf(request, '2017-01-04') && refuse(response, 403, 'AccessDenied');
  const report = await run();
  expect(report).toMatchObject({ ingested: 4, failed: [{ tradingDay: '2017-01-04' }] });
  expect(report.failed[0]?.error).toContain(`s3://flatfiles/${keyOf('2017-01-04')}: `);
  expect(report.failed[0]?.error).toContain('(403): the plan does not include this file or day');
  expect(JSON.stringify(report)).not.toContain('own words');
});

test('a file that is gone since it was listed fails its day by name', async () => {
  const available = await find();
  s3.objects.delete(keyOf('2017-01-05'));
  const report = await run(Promise.resolve(available));
  expect(report.failed).toEqual([
    {
      tradingDay: '2017-01-05',
      error: expect.stringMatching(/2017-01-05.csv.gz: there is no such file \(404\)/),
    },
  ]);
});

test.each([
  [
    403,
    'SignatureDoesNotMatch',
    /does not know the keys \(SignatureDoesNotMatch\): check MASSIVE_S3_ACCESS_KEY_ID/,
  ],
  [403, 'InvalidAccessKeyId', /does not know the keys/],
  [403, 'AccessDenied', /^s3:\/\/flatfiles\/us_stocks_sip\/day_aggs_v1\/: http.* refuses it \(403\)/],
  [404, 'NoSuchBucket', /no such bucket \(404\): check --path/],
  [501, 'NotImplemented', /answered 501 \(NotImplemented\)/],
])('a listing refused with %d %s is said in clear words', async (status, code, words) => {
  s3.answer = (_request, response) => refuse(response, status, code);
  await expect(find()).rejects.toThrow(words);
});

test('an endpoint that does not answer, and one that is not there', async () => {
  s3.answer = () => true;
  await expect(find(undefined, { timeoutMs: 200 })).rejects.toThrow(/did not answer within 0.2 s/);
  await s3.close();
  await expect(find()).rejects.toThrow(/cannot be reached \(ECONNREFUSED\): check MASSIVE_S3_ENDPOINT/);
});

test('a download that breaks off is taken again; one that always does fails with its length', async () => {
  const [once, always] = [keyOf('2017-01-04'), keyOf('2017-01-05')];
  const broken = new Set<string>();
  s3.answer = (request, response) => {
    const key = request.url?.split('?')[0]?.slice('/flatfiles/'.length) ?? '';
    if (key !== always && (key !== once || broken.has(key))) return false;
    broken.add(key);
    const body = s3.objects.get(key) as Buffer;
    response.writeHead(200, { etag: '"x"', 'content-length': body.length });
    response.write(body.subarray(0, 40), () => response.destroy());
    return true;
  };
  const report = await run();
  expect(report).toMatchObject({ ingested: 4, failed: [{ tradingDay: '2017-01-05' }] });
  expect(report.failed[0]?.error).toMatch(
    /2017-01-05.csv.gz: the download ended after \d+ of \d+ bytes, 3 times/,
  );
  expect(s3.gets.filter((path) => path.endsWith('2017-01-05.csv.gz'))).toHaveLength(3);
});

test('a body that stops coming is no download', async () => {
  s3.answer = (request, response) => {
    if (!isOf(request, '2017-01-06')) return false;
    response.writeHead(200, { etag: '"x"', 'content-length': 100 });
    response.write('abc');
    return true;
  };
  const report = await run(find(undefined, { timeoutMs: 200 }));
  expect(report).toMatchObject({ ingested: 4, failed: [{ tradingDay: '2017-01-06' }] });
  expect(report.failed[0]?.error).toContain('the download ended after 3 of 100 bytes, 3 times');
});

test('a damaged file is named by its address, with line and field', async () => {
  s3.objects.set(keyOf('2017-01-04'), gzipSync(`${header}\nA,1,10\n`));
  const report = await run();
  expect(report.failed[0]?.error).toMatch(
    new RegExp(`^s3://flatfiles/${keyOf('2017-01-04')}, line 2, field close: `),
  );
});

test('stopped while downloading, it leaves whole days and no file', async () => {
  const stop = new AbortController();
  s3.answer = (request) => {
    if (!isOf(request, '2017-01-05')) return false;
    stop.abort();
    return true;
  };
  expect(await run(find(), { signal: stop.signal })).toMatchObject({ complete: false, failed: [] });
  s3.answer = () => false;
  expect(await run()).toMatchObject({ complete: true, failed: [] });
});
