import { expect, test } from 'vitest';
import { addDays, isDay, weekday } from '../../services/shared/calendar/day.ts';
import { newYorkDay, newYorkInstant } from '../../services/shared/calendar/new-york.ts';
import {
  CalendarRangeError,
  closingTime,
  closureName,
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

test('every closing that no rule tells is known', () => {
  const closed = [
    ['1994-04-27', 'Nixon'],
    ['2001-09-11', 'attacks'],
    ['2001-09-12', 'attacks'],
    ['2001-09-13', 'attacks'],
    ['2001-09-14', 'attacks'],
    ['2004-06-11', 'Reagan'],
    ['2007-01-02', 'Ford'],
    ['2012-10-29', 'Sandy'],
    ['2012-10-30', 'Sandy'],
    ['2018-12-05', 'Bush'],
    ['2025-01-09', 'Carter'],
  ];
  for (const [day = '', why = ''] of closed) {
    expect(isSession(day), `${day} ${why}`).toBe(false);
    expect(closureName(day)).toContain(why);
  }
  expect(['2001-09-10', '2001-09-17', '2012-10-31', '2018-12-06', '2025-01-08'].every(isSession)).toBe(true);
});

test('a closure has its name, a session and a weekend have none', () => {
  expect(['2024-03-29', '2026-07-03', '2027-12-24'].map(closureName)).toEqual([
    'Good Friday',
    'Independence Day',
    'Christmas Day',
  ]);
  expect(['2024-03-28', '2024-03-30', '2024-07-05'].map(closureName)).toEqual([null, null, null]);
});

test('holidays after the recorded years follow the published list, to the year after next', () => {
  const closed: string[] = [];
  for (let day = '2023-01-14'; day <= '2028-12-31'; day = addDays(day, 1)) {
    if (weekday(day) % 6 !== 0 && !isSession(day)) closed.push(day);
  }
  expect(closed.map((day) => day.slice(2)).join(' ')).toBe(
    [
      '23-01-16 23-02-20 23-04-07 23-05-29 23-06-19 23-07-04 23-09-04 23-11-23 23-12-25',
      '24-01-01 24-01-15 24-02-19 24-03-29 24-05-27 24-06-19 24-07-04 24-09-02 24-11-28 24-12-25',
      '25-01-01 25-01-09 25-01-20 25-02-17 25-04-18 25-05-26 25-06-19 25-07-04 25-09-01 25-11-27 25-12-25',
      '26-01-01 26-01-19 26-02-16 26-04-03 26-05-25 26-06-19 26-07-03 26-09-07 26-11-26 26-12-25',
      '27-01-01 27-01-18 27-02-15 27-03-26 27-05-31 27-06-18 27-07-05 27-09-06 27-11-25 27-12-24',
      // New Year's Day of 2028 is a Saturday, which moves no holiday to the Friday of the year before.
      '28-01-17 28-02-21 28-04-14 28-05-29 28-06-19 28-07-04 28-09-04 28-11-23 28-12-25',
    ].join(' '),
  );
});

test('sessions are listed in order, both ends included', () => {
  expect(sessionsBetween('2012-10-26', '2012-11-01')).toEqual(['2012-10-26', '2012-10-31', '2012-11-01']);
  expect(sessionsBetween('2012-10-27', '2012-10-30')).toEqual([]);
});

test('early closes after the recorded years follow the published hours', () => {
  const early = sessionsBetween('2023-01-14', '2028-12-31').filter((day) => closingTime(day) !== '16:00');
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
    '2028-07-03',
    '2028-11-24',
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
