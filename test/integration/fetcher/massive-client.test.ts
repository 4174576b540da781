/** Calls: what is tried again, what is told, and how long anything is waited for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { MassiveError } from '../../../services/fetcher/massive/massive-error.ts';
import { type MassiveReply, startScriptedMassive } from '../../support/scripted-massive.ts';
import { type ClientBench, key, never, ok, startClientBench } from './massive-client-bench.ts';

let bench: ClientBench;
beforeAll(async () => {
  bench = await startClientBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.clear());

test('the key goes as a bearer token, and into no address', async () => {
  bench.reply(ok);
  expect(await bench.ask()).toMatchObject({ status: 'OK' });
  expect(bench.massive.requests).toMatchObject([
    { authorization: `Bearer ${key}`, query: { adjusted: 'false' } },
  ]);
  expect(bench.massive.requests[0]?.url).not.toContain(key);
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
  bench.reply(first, ok);
  expect(await bench.ask()).toMatchObject({ status: 'OK' });
  expect(bench.massive.requests).toHaveLength(2);
  expect(bench.logged.join('')).toContain('Asking again');
  expect(bench.logged.join('')).not.toContain(key);
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
    bench.reply(always);
    const error = await bench.failure(bench.ask());
    expect(error.message).toContain(`${bench.massive.baseUrl}/v2/some?adjusted=false: ${words}`);
    expect(bench.massive.requests).toHaveLength(calls);
  },
);

test.each([
  ['in the middle', '{"status":"OK","results":[', 'cut off after 2 tries (stood still for 0.2 s)'],
  ['before it begins', '', 'unreachable after 2 tries (no answer for 0.2 s)'],
])('an answer that stops %s is given up, tried again, and told', async (_name, stalled, words) => {
  const impatient = bench.clientOf({ idleMs: 200, failed: { tries: 2, baseMs: 1, maxMs: 5 } });
  bench.reply({ stalled });
  expect((await bench.failure(bench.ask(impatient))).message).toContain(words);
  expect(bench.massive.requests).toHaveLength(2);
});

test('what the reader of the answer finds may be tried again too', async () => {
  bench.reply({ body: { status: 'OK', results: null } }, ok);
  const url = bench.client.url('/v2/some', { a: 'b' });
  const read = (body: { results?: unknown }) => {
    if (body.results === null) throw new MassiveError({ problem: 'empty', url, found: 'nothing' });
    return 'some';
  };
  expect(await bench.client.get(url, read, never)).toBe('some');
  expect(bench.massive.requests).toHaveLength(2);
});

test('a port where nobody listens is unreachable, and a server that ends in the middle is cut off', async () => {
  const server = await startScriptedMassive();
  server.script(() => ({ stalled: '{"status":"OK","results":[1,' }));
  const asked = bench.clientOf({
    baseUrl: server.baseUrl,
    idleMs: 10_000,
    failed: { tries: 2, baseMs: 1, maxMs: 5 },
  });
  const asking = bench.failure(bench.ask(asked));
  while (server.requests.length === 0) await sleep(5);
  await sleep(50);
  await server.close();
  // The first try was cut off, the second found nobody.
  const error = await asking;
  expect(bench.logged.join('')).toContain('cut off');
  expect(error.problem).toBe('unreachable');
  expect(error.message).toContain('ECONNREFUSED');
  expect(error.message).toContain('check the network and MASSIVE_BASE_URL');
});

test('an answer that drips is given up in the end', async () => {
  bench.massive.script(() => ({ stalled: '{' }));
  const error = await bench.failure(
    bench.ask(bench.clientOf({ idleMs: 10_000, totalMs: 200, failed: { tries: 1, baseMs: 1, maxMs: 5 } })),
  );
  expect(error.message).toContain('cut off (not whole after 0.2 s)');
});

test('Retry-After holds all calls back, in seconds and as a date', async () => {
  let turnedAwayAt = 0;
  const answeredAfterMs: number[] = [];
  const inASecond = () => new Date(Math.ceil(Date.now() / 1_000 + 1) * 1_000).toUTCString();
  bench.massive.script((_request, index) => {
    if (index === 0 || index === 2) {
      turnedAwayAt = Date.now();
      const seconds = index === 0 ? '1' : inASecond();
      return { status: 429, headers: { 'retry-after': seconds }, body: { error: 'slow down' } };
    }
    answeredAfterMs.push(Date.now() - turnedAwayAt);
    return ok;
  });
  await bench.ask();
  await bench.ask();
  expect(bench.massive.requests).toHaveLength(4);
  for (const ms of answeredAfterMs) expect(ms).toBeGreaterThanOrEqual(990);
});

test('a Retry-After that is too long is not waited for, and told', async () => {
  bench.reply({ status: 429, headers: { 'retry-after': '3600' }, body: { error: 'tomorrow' } });
  const error = await bench.failure(bench.ask());
  expect(error.message).toContain('too many calls (429, to wait for 3600 s)');
  expect(bench.massive.requests).toHaveLength(1);
});

test('calls beyond what a minute may have wait, and a signal ends the wait', async () => {
  bench.reply(ok);
  const slow = bench.clientOf({ callsPerMinute: 2 });
  const stop = new AbortController();
  await bench.ask(slow);
  await bench.ask(slow);
  const third = bench.ask(slow, stop.signal);
  const fourth = bench.ask(slow, stop.signal);
  await sleep(200);
  expect(bench.massive.requests).toHaveLength(2);
  stop.abort(new Error('stopped'));
  await expect(third).rejects.toThrow('stopped');
  await expect(fourth).rejects.toThrow('stopped');
});

test('a signal ends a call that is under way, and one that waits for its next try', async () => {
  bench.massive.script(() => ({ stalled: '{' }));
  const patient = bench.clientOf({
    idleMs: 60_000,
    failed: { tries: 9, baseMs: 60_000, maxMs: 60_000 },
  });
  const stop = new AbortController();
  const asking = bench.ask(patient, stop.signal);
  await sleep(100);
  stop.abort(new Error('stopped'));
  await expect(asking).rejects.toThrow('stopped');
  bench.reply({ status: 500, body: '' });
  const again = new AbortController();
  const waiting = bench.ask(patient, again.signal);
  while (bench.massive.requests.length < 2) await sleep(5);
  again.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
});
