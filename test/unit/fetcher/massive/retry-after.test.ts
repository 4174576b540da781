import { expect, test } from 'vitest';
import { retryAfterMs } from '../../../../services/fetcher/massive/retry-after.ts';

const now = new Date('2026-11-24T21:15:00Z');

test.each([
  ['12', 12_000],
  [' 0 ', 0],
  ['Tue, 24 Nov 2026 21:15:30 GMT', 30_000],
  ['Tue, 24 Nov 2026 21:14:30 GMT', 0],
  [null, null],
  ['', null],
  ['-3', null],
  ['1.5', null],
  ['soon', null],
  ['99999999999', null],
])('%j asks to wait %j ms', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms);
});
