import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { allowedHosts, isLoopback } from '../../../services/dashboard/http/allowed-hosts.ts';
import { checkCaller } from '../../../services/dashboard/http/check-caller.ts';

const check = (headers: Record<string, string | undefined>, host = '127.0.0.1') => {
  checkCaller({ headers } as unknown as IncomingMessage, allowedHosts(host));
};

test.each(['127.0.0.1:8080', 'localhost:8080', 'LOCALHOST', '[::1]:8080', 'localhost:9', '127.0.0.1'])(
  'this machine asks as %s',
  (host) => {
    expect(() => check({ host })).not.toThrow();
  },
);

test.each([
  undefined,
  '',
  'evil.example:8080',
  'localhost.evil.example',
  '127.0.0.1.nip.io:8080',
  'localhost@evil.example',
  'evil.example@localhost',
  'localhost:8080/evil',
  '192.168.1.5:8080',
  '0.0.0.0:8080',
  'a b',
])('a name that may lead here by another page is refused: %s', (host) => {
  expect(() => check({ host })).toThrow(/^The Host header is .*--host/);
});

test('the name that was asked for is taken, and addresses where it listens on all', () => {
  expect(() => check({ host: 'bars.lan:80' }, 'bars.lan')).not.toThrow();
  expect(() => check({ host: 'other.lan:80' }, 'bars.lan')).toThrow(/Host/);
  for (const host of ['0.0.0.0', '::']) {
    expect(() => check({ host: '192.168.1.5:8080' }, host)).not.toThrow();
    expect(() => check({ host: '[fe80::1]:8080' }, host)).not.toThrow();
    expect(() => check({ host: 'evil.example' }, host)).toThrow(/Host/);
  }
});

test('only the page of the same name and port may ask by a browser', () => {
  const host = 'localhost:8080';
  expect(() => check({ host, origin: 'http://localhost:8080' })).not.toThrow();
  for (const origin of [
    'http://evil.example',
    'http://localhost:8081',
    'https://localhost:8080',
    'null',
    '',
  ]) {
    expect(() => check({ host, origin })).toThrow(/Origin/);
  }
  expect(() => check({ host, 'sec-fetch-site': 'same-origin' })).not.toThrow();
  for (const site of ['cross-site', 'same-site']) {
    expect(() => check({ host, 'sec-fetch-site': site })).toThrow(/Sec-Fetch-Site/);
    expect(() => check({ host, 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' })).not.toThrow();
  }
});

test('what is this machine alone is known', () => {
  expect(['127.0.0.1', '127.8.8.8', '::1', 'localhost'].map(isLoopback)).toEqual([true, true, true, true]);
  expect(['0.0.0.0', '::', '10.0.0.1', '127.evil.example', 'x'].map(isLoopback)).toEqual(
    Array.from({ length: 5 }, () => false),
  );
});
