import { expect, test } from 'vitest';
import { windowStartCheck } from '../../../services/fetcher/window-start.ts';

const second = 1_000_000_000n;
const stamp = (iso: string) => BigInt(Date.parse(iso)) * 1_000_000n;

test.each([
  ['winter', '2017-01-03', '2017-01-03T05:00:00Z', 24],
  ['summer', '2017-07-03', '2017-07-03T04:00:00Z', 24],
  ['the day that loses an hour', '2017-03-12', '2017-03-12T05:00:00Z', 23],
  ['the day that gains one', '2017-11-05', '2017-11-05T04:00:00Z', 25],
])('in %s the day in New York runs from its midnight to the next', (_name, day, midnight, hours) => {
  const check = windowStartCheck(day);
  const start = stamp(midnight);
  const end = start + BigInt(hours) * 3_600n * second;
  expect([start, end - 1n].map((at) => check(String(at)))).toEqual([null, null]);
  expect([start - 1n, end].map((at) => check(String(at)))).toEqual(['wrong_day', 'wrong_day']);
});

test.each(['', 'x', '1.4834e18', '-1', '1483419600000000000.0', '9'.repeat(40)])('%j is no stamp', (text) => {
  expect(windowStartCheck('2017-01-03')(text)).toBe('not_a_number');
});
