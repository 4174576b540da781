import { expect, test } from 'vitest';
import { overdueSessions } from '../../../services/fetcher/nightly/overdue-sessions.ts';
import { sessionsBetween } from '../../../services/shared/calendar/sessions.ts';

const stored = (from: string, to: string, ...except: string[]) =>
  sessionsBetween(from, to).filter((day) => !except.includes(day));
const missing = (days: readonly string[], now: string, lookbackDays = 300) =>
  overdueSessions({ stored: new Set(days), now: new Date(now), lookbackDays });

/** 2026-11-24 is a Tuesday, the 26th is Thanksgiving, and clocks were set back on the 1st. */
test('a session is missing from 07:30 New York of the next day on, summer and winter', () => {
  const untilMonday = stored('2026-10-01', '2026-11-23');
  expect(missing(untilMonday, '2026-11-24T21:20:00Z')).toEqual([]);
  expect(missing(untilMonday, '2026-11-25T12:29:59Z')).toEqual([]);
  expect(missing(untilMonday, '2026-11-25T12:30:00Z')).toEqual(['2026-11-24']);
  const untilTuesday = stored('2026-07-01', '2026-07-14');
  expect(missing(untilTuesday, '2026-07-16T11:29:59Z')).toEqual([]);
  expect(missing(untilTuesday, '2026-07-16T11:30:00Z')).toEqual(['2026-07-15']);
});

test('on the Saturday after it, Friday is missing; and on Monday morning still Friday alone', () => {
  const untilWednesday = stored('2026-10-01', '2026-11-25');
  expect(missing(untilWednesday, '2026-11-28T12:30:00Z')).toEqual(['2026-11-27']);
  expect(missing(untilWednesday, '2026-11-30T12:30:00Z')).toEqual(['2026-11-27']);
});

test('days without a session are never missing', () => {
  expect(missing(stored('2026-10-01', '2026-11-25'), '2026-11-27T12:30:00Z')).toEqual([]);
});

test('gaps after the first stored session are missing, as far as a night looks back', () => {
  const days = stored('2026-10-01', '2026-11-24', '2026-10-05', '2026-11-10');
  expect(missing(days, '2026-11-24T21:20:00Z')).toEqual(['2026-10-05', '2026-11-10']);
  expect(missing(days, '2026-11-24T21:20:00Z', 30)).toEqual(['2026-11-10']);
});

test('a pipeline that has stored nothing misses what its first night asked for, once that is due', () => {
  expect(missing([], '2026-11-24T21:20:00Z')).toEqual([]);
  expect(missing([], '2026-11-25T12:30:00Z')).toEqual(['2026-11-24']);
});
