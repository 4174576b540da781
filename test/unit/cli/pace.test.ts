import { expect, test } from 'vitest';
import { paceOf, recentUpdates } from '../../../services/cli/pace.ts';

test('the first update says nothing of the rate, the next ones do', () => {
  const pace = paceOf('days');
  expect(pace.add(1, 500, 1_000)).toBe('');
  expect(pace.add(2, 500, 1_000)).toBe('');
  expect(pace.add(3, 500, 1_500)).toBe('4.0 days/s · 2 min left');
});

test('what stands still has no rate', () => {
  const pace = paceOf('symbols');
  pace.add(0, 3_000, 0);
  expect(pace.add(0, 3_000, 5_000)).toBe('');
});

test('what goes slowly is told by the minute', () => {
  const pace = paceOf('sessions');
  pace.add(1, 5_002, 0);
  expect(pace.add(2, 5_002, 12_000)).toBe('5.0 sessions/min · 17 h left');
});

test('at the end nothing is left', () => {
  const pace = paceOf('days');
  pace.add(1, 2, 0);
  expect(pace.add(2, 2, 1_000)).toBe('1.0 days/s · 0 s left');
});

test('days that were skipped at the start are forgotten', () => {
  const pace = paceOf('days');
  for (let done = 1; done <= 5_000; done++) pace.add(done, 6_000, done / 10);
  let words = '';
  for (let more = 1; more <= recentUpdates; more++) words = pace.add(5_000 + more, 6_000, 500 + more * 250);
  expect(words).toBe('4.0 days/s · 4 min left');
});
