import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import {
  createMassiveClient,
  type MassiveClient,
  type Patience,
} from '../../../services/fetcher/massive/massive-client.ts';
import { MassiveError } from '../../../services/fetcher/massive/massive-error.ts';
import { readPages } from '../../../services/fetcher/massive/read-pages.ts';
import {
  type MassiveReply,
  type ScriptedMassive,
  startScriptedMassive,
} from '../../support/scripted-massive.ts';

const key = 'hush-hush-0123456789';
/** Short waits, so that a test of many tries is short. */
const patience: Patience = {
  idleMs: 20_000,
  totalMs: 20_000,
  failed: { tries: 4, baseMs: 1, maxMs: 5 },
  turnedAway: { tries: 3, baseMs: 1, maxMs: 5 },
  longestWaitMs: 5_000,
};

let massive: ScriptedMassive;
let logged: string[];
let client: MassiveClient;
beforeAll(async () => {
  massive = await startScriptedMassive();
});
afterAll(() => massive.close());
beforeEach(() => {
  massive.requests.length = 0;
  logged = [];
  client = clientOf(massive.baseUrl);
});

function clientOf(
  baseUrl: string,
  more: Partial<Patience> & { callsPerMinute?: number } = {},
): MassiveClient {
  const { callsPerMinute = 100_000, ...less } = more;
  const logger = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  return createMassiveClient({ baseUrl, apiKey: key, callsPerMinute }, logger, { ...patience, ...less });
}

/** Replies in this order, the last again and again. */
function reply(...replies: MassiveReply[]): void {
  let next = 0;
  massive.script(() => replies[Math.min(next++, replies.length - 1)] ?? 'reset');
}

const never = new AbortController().signal;
const ok = { body: { status: 'OK', results: [1] } };
const ask = (asked = client, signal = never) =>
  asked.get(asked.url('/v2/some', { adjusted: 'false' }), (body) => body, signal);
const failure = async (asking: Promise<unknown>): Promise<MassiveError> => {
  const error = await asking.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MassiveError);
  // Wherever an error is shown, with all that it holds.
  expect(JSON.stringify([error, (error as Error).stack, String((error as Error).cause)])).not.toContain(key);
  expect(logged.join('')).not.toContain(key);
  return error as MassiveError;
};

test('the key goes as a bearer token, and into no address', async () => {
  reply(ok);
  expect(await ask()).toMatchObject({ status: 'OK' });
  expect(massive.requests).toMatchObject([{ authorization: `Bearer ${key}`, query: { adjusted: 'false' } }]);
  expect(massive.requests[0]?.url).not.toContain(key);
});

test.each<[string, MassiveReply]>([
  ['a server error', { status: 500, body: 'oops' }],
  [
    'a gateway that is away',
    { status: 502, body: '<html>Bad gateway</html>', headers: { 'content-type': 'text/html' } },
  ],
  ['a connection that breaks before the answer', 'reset'],
  ['a connection that breaks in the middle', { broken: '{"status":"OK","results":[' }],
  ['a body that is cut off', { body: '{"status":"OK","results":[1' }],
  ['a page of HTML', { body: '<html>', headers: { 'content-type': 'text/html' } }],
  ['too many calls', { status: 429, body: { status: 'ERROR', error: 'exceeded the maximum requests' } }],
])('%s is tried again', async (_name, first) => {
  reply(first, ok);
  expect(await ask()).toMatchObject({ status: 'OK' });
  expect(massive.requests).toHaveLength(2);
  expect(logged.join('')).toContain('Asking again');
  expect(logged.join('')).not.toContain(key);
});

test.each<[string, MassiveReply, string, number]>([
  ['a server error', { status: 503, body: 'busy' }, 'unavailable after 4 tries (503 "busy")', 4],
  ['a broken connection', 'reset', 'unreachable after 4 tries (', 4],
  ['a broken body', { broken: '{"status":' }, 'cut off after 4 tries (', 4],
  ['half a body', { body: '{"status":' }, 'cut off after 4 tries (200', 4],
  ['a page', { body: '<p>Sign in</p>' }, 'not JSON after 4 tries (200 "<p>Sign in</p>")', 4],
  ['too many calls', { status: 429, body: { error: 'maximum requests' } }, 'too many calls after 3 tries', 3],
  [
    'a refused key',
    { status: 401, body: { error: `Unknown API Key ${key}` } },
    'key refused (401 "Unknown API Key ***")',
    1,
  ],
  ['a plan', { status: 403, body: { message: 'You are not entitled to this data' } }, 'not entitled (403', 1],
  [
    'a plan, as a success',
    { body: { status: 'NOT_AUTHORIZED', message: 'not entitled' } },
    'not entitled (200',
    1,
  ],
  ['a bad request', { status: 400, body: { error: 'what?' } }, 'bad request (400 "what?")', 1],
])(
  '%s that does not pass is told with the address and without the key',
  async (_name, always, words, calls) => {
    reply(always);
    const error = await failure(ask());
    expect(error.message).toContain(`${massive.baseUrl}/v2/some?adjusted=false: ${words}`);
    expect(massive.requests).toHaveLength(calls);
  },
);

test.each([
  ['in the middle', '{"status":"OK","results":[', 'cut off after 2 tries (stood still for 0.2 s)'],
  ['before it begins', '', 'unreachable after 2 tries (no answer for 0.2 s)'],
])('an answer that stops %s is given up, tried again, and told', async (_name, stalled, words) => {
  const impatient = clientOf(massive.baseUrl, { idleMs: 200, failed: { tries: 2, baseMs: 1, maxMs: 5 } });
  reply({ stalled });
  expect((await failure(ask(impatient))).message).toContain(words);
  expect(massive.requests).toHaveLength(2);
});

test('what the reader of the answer finds may be tried again too', async () => {
  reply({ body: { status: 'OK', results: null } }, ok);
  const url = client.url('/v2/some', { a: 'b' });
  const read = (body: { results?: unknown }) => {
    if (body.results === null) throw new MassiveError({ problem: 'empty', url, found: 'nothing' });
    return 'some';
  };
  expect(await client.get(url, read, never)).toBe('some');
  expect(massive.requests).toHaveLength(2);
});

test('a port where nobody listens is unreachable, and a server that ends in the middle is cut off', async () => {
  const server = await startScriptedMassive();
  server.script(() => ({ stalled: '{"status":"OK","results":[1,' }));
  const asked = clientOf(server.baseUrl, { idleMs: 10_000, failed: { tries: 2, baseMs: 1, maxMs: 5 } });
  const asking = failure(ask(asked));
  while (server.requests.length === 0) await sleep(5);
  await sleep(50);
  await server.close();
  // The first try was cut off, the second found nobody.
  const error = await asking;
  expect(logged.join('')).toContain('cut off');
  expect(error.problem).toBe('unreachable');
  expect(error.message).toContain('ECONNREFUSED');
  expect(error.message).toContain('check the network and MASSIVE_BASE_URL');
});

test('an answer that drips is given up in the end', async () => {
  massive.script(() => ({ stalled: '{' }));
  const error = await failure(
    ask(
      clientOf(massive.baseUrl, { idleMs: 10_000, totalMs: 200, failed: { tries: 1, baseMs: 1, maxMs: 5 } }),
    ),
  );
  expect(error.message).toContain('cut off (not whole after 0.2 s)');
});

test('Retry-After holds all calls back, in seconds and as a date', async () => {
  let turnedAwayAt = 0;
  const answeredAfterMs: number[] = [];
  const inASecond = () => new Date(Math.ceil(Date.now() / 1_000 + 1) * 1_000).toUTCString();
  massive.script((_request, index) => {
    if (index === 0 || index === 2) {
      turnedAwayAt = Date.now();
      const seconds = index === 0 ? '1' : inASecond();
      return { status: 429, headers: { 'retry-after': seconds }, body: { error: 'slow down' } };
    }
    answeredAfterMs.push(Date.now() - turnedAwayAt);
    return ok;
  });
  await ask();
  await ask();
  expect(massive.requests).toHaveLength(4);
  for (const ms of answeredAfterMs) expect(ms).toBeGreaterThanOrEqual(990);
});

test('a Retry-After that is too long is not waited for, and told', async () => {
  reply({ status: 429, headers: { 'retry-after': '3600' }, body: { error: 'tomorrow' } });
  const error = await failure(ask());
  expect(error.message).toContain('too many calls (429, to wait for 3600 s)');
  expect(massive.requests).toHaveLength(1);
});

test('calls beyond what a minute may have wait, and a signal ends the wait', async () => {
  reply(ok);
  const slow = clientOf(massive.baseUrl, { callsPerMinute: 2 });
  const stop = new AbortController();
  await ask(slow);
  await ask(slow);
  const third = ask(slow, stop.signal);
  const fourth = ask(slow, stop.signal);
  await sleep(200);
  expect(massive.requests).toHaveLength(2);
  stop.abort(new Error('stopped'));
  await expect(third).rejects.toThrow('stopped');
  await expect(fourth).rejects.toThrow('stopped');
});

test('a signal ends a call that is under way, and one that waits for its next try', async () => {
  massive.script(() => ({ stalled: '{' }));
  const patient = clientOf(massive.baseUrl, {
    idleMs: 60_000,
    failed: { tries: 9, baseMs: 60_000, maxMs: 60_000 },
  });
  const stop = new AbortController();
  const asking = ask(patient, stop.signal);
  await sleep(100);
  stop.abort(new Error('stopped'));
  await expect(asking).rejects.toThrow('stopped');
  reply({ status: 500, body: '' });
  const again = new AbortController();
  const waiting = ask(patient, again.signal);
  while (massive.requests.length < 2) await sleep(5);
  again.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
});

async function startOtherHost(): Promise<{ url: string; heard: string[] }> {
  const heard: string[] = [];
  const server: Server = createServer((request, response) => {
    heard.push(`${request.headers.authorization} ${request.url}`);
    response.end('{"status":"OK"}');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

test('a redirect within the host is followed with the key, but not for ever', async () => {
  massive.script(({ path }) =>
    path === '/v2/some' ? { status: 302, headers: { location: '/v3/other?apiKey=x' }, body: '' } : ok,
  );
  await ask();
  expect(massive.requests).toMatchObject([{ path: '/v2/some' }, { path: '/v3/other', query: {} }]);
  expect(massive.requests[1]?.authorization).toBe(`Bearer ${key}`);
  reply({ status: 302, headers: { location: '/v2/some' }, body: '' });
  expect((await failure(ask())).message).toContain('redirected more than 3 times');
});

test('a redirect to another host is refused, and that host hears nothing', async () => {
  const other = await startOtherHost();
  reply({ status: 307, headers: { location: `${other.url}/v2/some` }, body: '' });
  const error = await failure(ask());
  expect(error.problem).toBe('another host');
  expect(error.message).toContain(`it leads to ${other.url} instead of ${massive.baseUrl}`);
  expect(other.heard).toEqual([]);
});

const pagesOf = () =>
  readPages(client, client.url('/v3/list', { limit: '2' }), (_url, body) => body['results'], never);

test('pages are followed by next_url, whose key is left out', async () => {
  massive.script(({ query }) => {
    if (query['cursor'] === undefined) {
      return { body: { results: ['a'], next_url: `${massive.baseUrl}/v3/list?cursor=2&apiKey=${key}` } };
    }
    return query['cursor'] === '2'
      ? { body: { results: ['b'], next_url: `/v3/list?cursor=3` } }
      : { body: { results: ['c'] } };
  });
  expect(await pagesOf()).toEqual([['a'], ['b'], ['c']]);
  expect(massive.requests.map(({ url }) => url.replace(massive.baseUrl, ''))).toEqual([
    '/v3/list?limit=2',
    '/v3/list?cursor=2',
    '/v3/list?cursor=3',
  ]);
  expect(massive.requests.every(({ authorization }) => authorization === `Bearer ${key}`)).toBe(true);
});

test('a next_url of another host is refused, and that host hears nothing', async () => {
  const other = await startOtherHost();
  reply({ body: { results: ['a'], next_url: `${other.url}/v3/list?cursor=2&apiKey=${key}` } });
  const error = await failure(pagesOf());
  expect(error.message).toContain(`another host (it leads to ${other.url} instead of ${massive.baseUrl})`);
  expect(error.message).toContain('the key is sent to the host of MASSIVE_BASE_URL alone');
  expect(other.heard).toEqual([]);
});

test.each(['https://127.0.0.1/v3/list', 'http://user@127.0.0.1.example/', 'http://[', 'file:///etc/passwd'])(
  'a next_url that is %s is refused',
  async (next_url) => {
    reply({ body: { results: ['a'], next_url } });
    expect((await failure(pagesOf())).problem).toBe('another host');
    expect(massive.requests).toHaveLength(1);
  },
);

test('pages that lead back to one are no answer', async () => {
  massive.script(() => ({ body: { results: ['a'], next_url: '/v3/list?cursor=1' } }));
  expect((await failure(pagesOf())).message).toContain('its pages lead back to it');
  expect(massive.requests).toHaveLength(2);
});
