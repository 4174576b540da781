/** What other pages, and odd requests, do not get. */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Acts } from '../../../services/dashboard/acts/act-runner.ts';
import type { Cloud } from '../../../services/dashboard/cloud-counts.ts';
import { createAwsClients } from '../../../services/shared/aws-clients.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { raw, serve } from './dashboard-bench.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const acts: Acts = {
  replay: () => Promise.resolve({ outcome: 'replayed', ok: true }),
  redrive: () => Promise.resolve({ outcome: 'moved', ok: true }),
  verify: () => Promise.resolve({ outcome: 'right', ok: true }),
};

/** One that may act, with a cloud that nobody asks anything. */
async function serveLocal(options?: { host: string }) {
  const aws = createAwsClients({
    endpoint: 'http://127.0.0.1:1',
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const cloud: Cloud = { ...aws, busName: '', archiveName: '', queueUrl: '', deadLetterQueueUrls: [] };
  return await serve(database.url, { local: { cloud, acts } }, options);
}

const json = { 'content-type': 'application/json' };
const verify = { method: 'POST', path: '/api/acts', body: JSON.stringify({ kind: 'verify' }) };

test('an act needs the token, from the page itself, as JSON', async () => {
  const { url, session } = await serveLocal();
  const { token, local } = await session();
  expect(local).toBe(true);
  expect(token).toMatch(/^[\w-]{43}$/);
  const good = { ...json, 'x-fibbars-token': token ?? '' };
  const { host, origin } = new URL(url);
  const refusals: [Record<string, string>, number, string][] = [
    [json, 403, 'x-fibbars-token'],
    [{ ...json, 'x-fibbars-token': '' }, 403, 'x-fibbars-token'],
    [{ ...json, 'x-fibbars-token': `${token}x` }, 403, 'x-fibbars-token'],
    [{ ...good, origin: 'http://evil.example' }, 403, 'Origin'],
    [{ ...good, origin: 'null' }, 403, 'Origin'],
    [{ ...good, host: `evil.example:${new URL(url).port}` }, 403, 'Host'],
    [{ ...good, 'sec-fetch-site': 'cross-site' }, 403, 'Sec-Fetch-Site'],
    [{ 'x-fibbars-token': token ?? '' }, 415, 'application/json'],
    [{ ...good, 'content-type': 'text/plain' }, 415, 'application/json'],
  ];
  for (const [headers, status, words] of refusals) {
    const answer = await raw(url, { ...verify, headers });
    expect(answer).toMatchObject({ status, body: expect.stringContaining(words) });
  }
  expect((await raw(url, { path: '/api/acts' })).body).toBe('[]');
  const done = await raw(url, { ...verify, headers: { ...good, host, origin } });
  expect(done.status).toBe(201);
  expect(JSON.parse(done.body)).toMatchObject({ command: 'npm run fibbars -- verify' });
});

test('a body is JSON of a reasonable length', async () => {
  const { url, session } = await serveLocal();
  const headers = { ...json, 'x-fibbars-token': (await session()).token ?? '' };
  const post = (body: string) => raw(url, { ...verify, headers, body });
  expect(await post('{')).toMatchObject({ status: 400, body: expect.stringContaining('no JSON') });
  expect(await post('')).toMatchObject({ status: 400 });
  expect(await post(JSON.stringify({ kind: 'verify', more: 1 }))).toMatchObject({
    status: 400,
    body: expect.stringContaining('There is no field \\"more\\"'),
  });
  const long = await post(JSON.stringify({ kind: 'verify', symbols: ['A'.repeat(70_000)] }));
  expect(long).toMatchObject({ status: 413, body: expect.stringContaining('65536 bytes') });
  expect((await raw(url, { path: '/api/acts' })).body).toBe('[]');
});

test('where others may reach it there is no token, and an act says why', async () => {
  const { url, session } = await serveLocal({ host: '0.0.0.0' });
  expect(await session()).toMatchObject({ local: false, token: null });
  const answer = await raw(url, { ...verify, headers: json });
  expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('where others may reach it') });
});

test('another Host or Origin gets nothing at all, not even the page', async () => {
  const { url } = await serve(database.url);
  const { port } = new URL(url);
  for (const path of ['/', '/api/session', '/api/live', '/assets/main-0a1b2c3d.js']) {
    for (const headers of [
      { host: `evil.example:${port}` },
      { host: 'evil@localhost' },
      { origin: 'http://evil.example' },
    ]) {
      const { status, body } = await raw(url, { path, headers });
      expect({ status, body }).toMatchObject({ status: 403, body: expect.stringMatching(/Host|Origin/) });
    }
    expect((await raw(url, { path, method: 'HEAD', headers: { host: `localhost:${port}` } })).status).toBe(
      200,
    );
  }
});

test('every answer has the headers that keep a page to itself', async () => {
  const { url } = await serve(database.url);
  for (const path of ['/', '/api/session', '/api/bars?symbol=X', '/nothing', '/assets/main-0a1b2c3d.js']) {
    const { headers } = await raw(url, { path });
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['x-powered-by']).toBeUndefined();
  }
});

test('the page is served with its kinds and how long they last, and nothing beside it', async () => {
  const { url } = await serve(database.url);
  expect(await raw(url, { path: '/' })).toMatchObject({
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
    body: '<!doctype html><title>bars</title>',
  });
  expect(await raw(url, { path: '/?x=1' })).toMatchObject({ status: 200 });
  expect(await raw(url, { path: '/assets/main-0a1b2c3d.js' })).toMatchObject({
    status: 200,
    headers: {
      'content-type': expect.stringContaining('text/javascript'),
      'cache-control': 'public, max-age=31536000, immutable',
    },
  });
  for (const path of [
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..\\secret.txt',
    '//secret.txt',
    '/%00',
    '/%',
    '/secret.txt',
    '/index.html/../../secret.txt',
    '/assets',
  ]) {
    const { status, body } = await raw(url, { path });
    expect(body).not.toContain('hush');
    expect([path, status]).toEqual([path, expect.toSatisfy((code: number) => code === 404 || code === 400)]);
  }
});

test('only GET, HEAD and POST are taken, each where it belongs', async () => {
  const { url } = await serve(database.url);
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
    expect(await raw(url, { path: '/api/session', method })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
  }
  expect(await raw(url, { path: '/api/acts', method: 'PUT' })).toMatchObject({
    headers: { allow: 'GET, HEAD, POST' },
  });
  expect(await raw(url, { path: '/', method: 'POST' })).toMatchObject({ status: 405 });
  const head = await raw(url, { path: '/api/session', method: 'HEAD' });
  expect(head).toMatchObject({ status: 200, body: '' });
});

test.each(['GET http://evil.example/ HTTP/1.1\r\nHost: localhost', 'GET * HTTP/1.1\r\nHost: localhost'])(
  'a target that is no path is refused: %s',
  async (start) => {
    const { url } = await serve(database.url);
    const { hostname, port } = new URL(url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () =>
        socket.write(`${start}\r\nConnection: close\r\n\r\n`),
      );
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      socket.once('close', () => resolve(text)).once('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  },
);

test('a page that cannot be built is told of, and built again for the next', async () => {
  let tries = 0;
  const { url } = await serve(database.url, {
    pageDirectory: () => {
      tries++;
      return Promise.reject(new Error('no builder here'));
    },
  });
  for (let at = 1; at <= 2; at++) {
    expect(await raw(url, { path: '/' })).toMatchObject({
      status: 503,
      body: expect.stringContaining('The page cannot be built: no builder here'),
    });
    expect(tries).toBe(at);
  }
  expect((await raw(url, { path: '/api/session' })).status).toBe(200);
});

test('a port that is taken is told of', async () => {
  const { url } = await serve(database.url);
  await expect(serve(database.url, {}, { port: Number(new URL(url).port) })).rejects.toThrow(
    /cannot listen on 127\.0\.0\.1:\d+: the port is taken/,
  );
  await expect(serve(database.url, {}, { host: '192.0.2.1' })).rejects.toThrow(
    'this machine has no such address',
  );
});
