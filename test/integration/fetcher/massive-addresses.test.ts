/** Where calls lead: pages and redirects, and that the key goes to one host alone. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { readPages } from '../../../services/fetcher/massive/read-pages.ts';
import { type ClientBench, key, never, ok, startClientBench } from './massive-client-bench.ts';

let bench: ClientBench;
beforeAll(async () => {
  bench = await startClientBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.clear());

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
  bench.massive.script(({ path }) =>
    path === '/v2/some' ? { status: 302, headers: { location: '/v3/other?apiKey=x' }, body: '' } : ok,
  );
  await bench.ask();
  expect(bench.massive.requests).toMatchObject([{ path: '/v2/some' }, { path: '/v3/other', query: {} }]);
  expect(bench.massive.requests[1]?.authorization).toBe(`Bearer ${key}`);
  bench.reply({ status: 302, headers: { location: '/v2/some' }, body: '' });
  expect((await bench.failure(bench.ask())).message).toContain('redirected more than 3 times');
});

test('a redirect to another host is refused, and that host hears nothing', async () => {
  const other = await startOtherHost();
  bench.reply({ status: 307, headers: { location: `${other.url}/v2/some` }, body: '' });
  const error = await bench.failure(bench.ask());
  expect(error.problem).toBe('another host');
  expect(error.message).toContain(`it leads to ${other.url} instead of ${bench.massive.baseUrl}`);
  expect(other.heard).toEqual([]);
});

const pagesOf = () =>
  readPages(
    bench.client,
    bench.client.url('/v3/list', { limit: '2' }),
    (_url, body) => body['results'],
    never,
  );

test('pages are followed by next_url, whose key is left out', async () => {
  bench.massive.script(({ query }) => {
    if (query['cursor'] === undefined) {
      return {
        body: { results: ['a'], next_url: `${bench.massive.baseUrl}/v3/list?cursor=2&apiKey=${key}` },
      };
    }
    return query['cursor'] === '2'
      ? { body: { results: ['b'], next_url: `/v3/list?cursor=3` } }
      : { body: { results: ['c'] } };
  });
  expect(await pagesOf()).toEqual([['a'], ['b'], ['c']]);
  expect(bench.massive.requests.map(({ url }) => url.replace(bench.massive.baseUrl, ''))).toEqual([
    '/v3/list?limit=2',
    '/v3/list?cursor=2',
    '/v3/list?cursor=3',
  ]);
  expect(bench.massive.requests.every(({ authorization }) => authorization === `Bearer ${key}`)).toBe(true);
});

test('a next_url of another host is refused, and that host hears nothing', async () => {
  const other = await startOtherHost();
  bench.reply({ body: { results: ['a'], next_url: `${other.url}/v3/list?cursor=2&apiKey=${key}` } });
  const error = await bench.failure(pagesOf());
  expect(error.message).toContain(
    `another host (it leads to ${other.url} instead of ${bench.massive.baseUrl})`,
  );
  expect(error.message).toContain('the key is sent to the host of MASSIVE_BASE_URL alone');
  expect(other.heard).toEqual([]);
});

test.each(['https://127.0.0.1/v3/list', 'http://user@127.0.0.1.example/', 'http://[', 'file:///etc/passwd'])(
  'a next_url that is %s is refused',
  async (next_url) => {
    bench.reply({ body: { results: ['a'], next_url } });
    expect((await bench.failure(pagesOf())).problem).toBe('another host');
    expect(bench.massive.requests).toHaveLength(1);
  },
);

test('pages that lead back to one are no answer', async () => {
  bench.massive.script(() => ({ body: { results: ['a'], next_url: '/v3/list?cursor=1' } }));
  expect((await bench.failure(pagesOf())).message).toContain('its pages lead back to it');
  expect(bench.massive.requests).toHaveLength(2);
});
