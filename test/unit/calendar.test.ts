import { expect, test } from 'vitest';
import { addDays, isDay, weekday } from '../../services/shared/calendar/day.ts';
import { newYorkDay, newYorkInstant } from '../../services/shared/calendar/new-york.ts';
import {
  CalendarRangeError,
  closingTime,
  isSession,
  latestClosedSession,
  sessionClose,
  sessionsBetween,
} from '../../services/shared/calendar/sessions.ts';

test('a calendar day exists and is written in full', () => {
  expect(isDay('2024-02-29')).toBe(true);
  for (const text of ['2023-02-29', '2024-2-9', '2024-13-01', '', '2024-01-01T00:00:00Z'])
    expect(isDay(text)).toBe(false);
  expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
  expect(weekday('2024-03-01')).toBe(5);
  expect(() => addDays('yesterday', 1)).toThrow(/YYYY-MM-DD/);
});

test('weekends, holidays and one-off closures are no sessions', () => {
  expect(['2026-11-24', '2025-01-10', '2027-12-23'].map(isSession)).toEqual([true, true, true]);
  expect(['2026-11-22', '2026-11-26', '2025-01-09', '2001-09-14', '2027-06-18'].map(isSession)).toEqual(
    Array.from({ length: 5 }, () => false),
  );
});

test('sessions are listed in order, both ends included', () => {
  expect(sessionsBetween('2012-10-26', '2012-11-01')).toEqual(['2012-10-26', '2012-10-31', '2012-11-01']);
  expect(sessionsBetween('2012-10-27', '2012-10-30')).toEqual([]);
});

test('early closes after the recorded years follow the published hours', () => {
  const early = sessionsBetween('2023-01-14', '2027-12-31').filter((day) => closingTime(day) !== '16:00');
  expect(early).toEqual([
    '2023-07-03',
    '2023-11-24',
    '2024-07-03',
    '2024-11-29',
    '2024-12-24',
    '2025-07-03',
    '2025-11-28',
    '2025-12-24',
    '2026-11-27',
    '2026-12-24',
    '2027-11-26',
  ]);
});

test('closes are instants, an hour later in UTC in winter', () => {
  expect(sessionClose('2024-07-05')?.toISOString()).toBe('2024-07-05T20:00:00.000Z');
  expect(sessionClose('2024-12-24')?.toISOString()).toBe('2024-12-24T18:00:00.000Z');
  expect(sessionClose('2024-12-25')).toBeNull();
});

test('a day in New York begins at its own midnight also when the clocks change', () => {
  expect(newYorkInstant('2024-03-10', '00:00').toISOString()).toBe('2024-03-10T05:00:00.000Z');
  expect(newYorkInstant('2024-03-11', '00:00').toISOString()).toBe('2024-03-11T04:00:00.000Z');
  expect(newYorkInstant('2024-11-03', '00:00').toISOString()).toBe('2024-11-03T04:00:00.000Z');
  expect(newYorkInstant('2024-11-04', '00:00').toISOString()).toBe('2024-11-04T05:00:00.000Z');
  expect(newYorkDay(new Date('2024-07-01T03:59:59Z'))).toBe('2024-06-30');
});

test('the latest closed session changes at the close', () => {
  expect(latestClosedSession(new Date('2024-11-29T17:59:59Z'))).toBe('2024-11-27');
  expect(latestClosedSession(new Date('2024-11-29T18:00:00Z'))).toBe('2024-11-29');
  expect(latestClosedSession(new Date('2024-12-01T12:00:00Z'))).toBe('2024-11-29');
});

test('days before the calendar begins are refused, not guessed', () => {
  expect(() => isSession('1989-12-29')).toThrow(CalendarRangeError);
  expect(() => isSession('2024-02-30')).toThrow(CalendarRangeError);
});
