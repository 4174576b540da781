import { expect, test } from 'vitest';
import { daysOfRange } from '../../../services/dashboard/reads/days-of-range.ts';
import { sessionsBetween } from '../../../services/shared/calendar/sessions.ts';

const delivered = (day: string, more: { late?: boolean; restated?: boolean } = {}) => ({
  day,
  bars: 2,
  quarantined: 1,
  late: false,
  restated: false,
  ...more,
});

test('every calendar day of a range has its state and its note', () => {
  const there = sessionsBetween('2024-11-18', '2024-12-03').filter((day) => day !== '2024-11-27');
  const days = daysOfRange(
    {
      from: '2024-11-15',
      through: '2024-12-06',
      delivered: there.map((day) =>
        delivered(day, { late: day === '2024-11-20', restated: day >= '2024-11-21' && day <= '2024-11-22' }),
      ),
      bounds: { first: '2024-11-18', last: '2024-12-03' },
    },
    // An hour before the close.
    new Date('2024-12-05T20:00:00Z'),
  );
  expect(days.map(({ day, state, note }) => [day, state, ...(note ? [note] : [])].join(' '))).toEqual([
    '2024-11-15 outside',
    '2024-11-16 weekend',
    '2024-11-17 weekend',
    '2024-11-18 complete',
    '2024-11-19 complete',
    '2024-11-20 late',
    '2024-11-21 restated',
    '2024-11-22 restated',
    '2024-11-23 weekend',
    '2024-11-24 weekend',
    '2024-11-25 complete',
    '2024-11-26 complete',
    '2024-11-27 missing',
    '2024-11-28 holiday Thanksgiving Day',
    '2024-11-29 complete early close',
    '2024-11-30 weekend',
    '2024-12-01 weekend',
    '2024-12-02 complete',
    '2024-12-03 complete',
    '2024-12-04 outside',
    '2024-12-05 future',
    '2024-12-06 future',
  ]);
  expect(days.find(({ day }) => day === '2024-11-18')).toMatchObject({ bars: 2, quarantined: 1 });
  expect(days.find(({ day }) => day === '2024-11-27')).toMatchObject({ bars: 0, quarantined: 0 });
});

test('a closure that no rule tells says why, and what was delivered on it is shown', () => {
  const range = {
    from: '2018-12-05',
    through: '2018-12-05',
    bounds: { first: '2018-12-03', last: '2018-12-07' },
  };
  const now = new Date('2024-01-01T00:00:00Z');
  expect(daysOfRange({ ...range, delivered: [] }, now)).toMatchObject([
    { state: 'holiday', note: 'mourning for George H. W. Bush' },
  ]);
  expect(daysOfRange({ ...range, delivered: [delivered('2018-12-05')] }, now)).toMatchObject([
    { state: 'complete', note: 'mourning for George H. W. Bush', bars: 2 },
  ]);
});

test('without any delivery all sessions are outside', () => {
  const days = daysOfRange(
    { from: '2024-01-02', through: '2024-01-03', delivered: [], bounds: null },
    new Date('2024-02-01T00:00:00Z'),
  );
  expect(days.map(({ state }) => state)).toEqual(['outside', 'outside']);
});
