import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planNightly, planOneDay } from '../../../services/fetcher/nightly/plan-nightly.ts';
import { sessionsBetween } from '../../../services/shared/calendar/sessions.ts';

/** 2026-11-24 is a Tuesday, the 26th is Thanksgiving, and the 27th closes at 13:00. */
const tuesdayAfterTheClose = new Date('2026-11-24T21:15:00Z');
const lookbackDays = 300;
const stored = (from: string, to: string, ...except: string[]) =>
  sessionsBetween(from, to).filter((day) => !except.includes(day));
const plan = (days: readonly string[], now: Date, back = lookbackDays) =>
  planNightly({ stored: new Set(days), now, lookbackDays: back });

test('with nothing stored it is the latest closed session alone', () => {
  expect(plan([], tuesdayAfterTheClose)).toEqual({
    latest: '2026-11-24',
    closedToday: null,
    gaps: [],
    again: [],
    days: ['2026-11-24'],
  });
});

test('before the close the session of the day before is the latest', () => {
  expect(plan([], new Date('2026-11-24T20:59:59Z')).days).toEqual(['2026-11-23']);
  expect(plan([], new Date('2026-11-24T21:00:00Z')).days).toEqual(['2026-11-24']);
});

test('the day after Thanksgiving closes at 13:00', () => {
  expect(plan([], new Date('2026-11-27T17:59:59Z')).days).toEqual(['2026-11-25']);
  expect(plan([], new Date('2026-11-27T18:00:00Z')).days).toEqual(['2026-11-27']);
});

test('on an ordinary night the five newest stored sessions are asked again', () => {
  expect(plan(stored('2026-10-01', '2026-11-23'), tuesdayAfterTheClose)).toMatchObject({
    gaps: [],
    again: ['2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20', '2026-11-23'],
    days: ['2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20', '2026-11-23', '2026-11-24'],
  });
});

test('a second run of the same day asks the latest again', () => {
  expect(plan(stored('2026-10-01', '2026-11-24'), tuesdayAfterTheClose)).toMatchObject({
    gaps: [],
    again: ['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-23', '2026-11-24'],
    days: ['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-23', '2026-11-24'],
  });
});

test('gaps after the first stored session are filled, in date order, holidays and weekends are none', () => {
  const days = stored('2026-06-30', '2026-11-20', '2026-07-02', '2026-07-06', '2026-11-18');
  expect(plan(days, tuesdayAfterTheClose)).toMatchObject({
    gaps: ['2026-07-02', '2026-07-06', '2026-11-18', '2026-11-23'],
    again: ['2026-11-13', '2026-11-16', '2026-11-17', '2026-11-19', '2026-11-20'],
    days: [
      '2026-07-02',
      '2026-07-06',
      '2026-11-13',
      '2026-11-16',
      '2026-11-17',
      '2026-11-18',
      '2026-11-19',
      '2026-11-20',
      '2026-11-23',
      '2026-11-24',
    ],
  });
});

test('nothing before the first stored session is a gap', () => {
  expect(plan(['2026-11-23'], tuesdayAfterTheClose)).toMatchObject({ gaps: [], again: ['2026-11-23'] });
});

test('gaps older than the lookback are left alone', () => {
  const days = stored('2025-01-02', '2026-11-23', '2026-01-27', '2026-01-28');
  expect(plan(days, tuesdayAfterTheClose).gaps).toEqual(['2026-01-28']);
  expect(plan(days, tuesdayAfterTheClose, 301).gaps).toEqual(['2026-01-27', '2026-01-28']);
  expect(plan(['2020-05-01'], tuesdayAfterTheClose).days).toEqual(
    sessionsBetween('2026-01-28', '2026-11-24'),
  );
  expect(plan(['2020-05-01'], tuesdayAfterTheClose, 1).days).toEqual(['2026-11-23', '2026-11-24']);
});

test('on a day without a session nothing is asked again', () => {
  const thanksgiving = new Date('2026-11-26T21:15:00Z');
  expect(plan(stored('2026-10-01', '2026-11-25'), thanksgiving)).toEqual({
    latest: '2026-11-25',
    closedToday: '2026-11-26',
    gaps: [],
    again: [],
    days: [],
  });
});

test('on a day without a session what is missing is fetched, also the latest', () => {
  const saturday = new Date('2026-11-28T12:00:00Z');
  expect(plan([], saturday)).toMatchObject({ latest: '2026-11-27', days: ['2026-11-27'] });
  expect(plan(stored('2026-11-02', '2026-11-25', '2026-11-20'), saturday)).toMatchObject({
    closedToday: '2026-11-28',
    gaps: ['2026-11-20'],
    days: ['2026-11-20', '2026-11-27'],
  });
});

test('stored days that are no sessions or in the future change nothing', () => {
  const days = [...stored('2026-11-02', '2026-11-23'), '2026-11-22', '2027-01-04'];
  expect(plan(days, tuesdayAfterTheClose)).toEqual(
    plan(stored('2026-11-02', '2026-11-23'), tuesdayAfterTheClose),
  );
});

test('one day is that day, unless it has no session or has not closed', () => {
  const one = (day: string) => planOneDay(day, tuesdayAfterTheClose);
  expect(one('2019-02-01')).toEqual({ day: '2019-02-01' });
  expect(one('2026-11-24')).toEqual({ day: '2026-11-24' });
  expect(one('2025-01-09')).toEqual({ noSession: '2025-01-09' });
  expect(one('2026-11-25')).toEqual({ notClosed: '2026-11-25' });
});

const printPlans = `
  import { planNightly } from './services/fetcher/nightly/plan-nightly.ts';
  const stored = new Set(['2026-03-02', '2026-03-06']);
  for (const now of ['2026-03-07T02:00:00Z', '2026-03-09T19:59:59Z', '2026-03-09T20:00:00Z', '2026-11-26T04:59:00Z'])
    console.log(JSON.stringify(planNightly({ stored, now: new Date(now), lookbackDays: 20 })));
`;

test('the plan is the same on a machine of any time zone', () => {
  const plans = ['UTC', 'Pacific/Auckland', 'America/Los_Angeles'].map((zone) =>
    execFileSync(process.execPath, ['--input-type=module-typescript', '--eval', printPlans], {
      cwd: join(import.meta.dirname, '..', '..', '..'),
      env: { ...process.env, TZ: zone },
      encoding: 'utf8',
    }),
  );
  expect(plans[0]).toContain('"latest":"2026-03-09"');
  expect(plans[0]).toContain('"closedToday":null');
  expect(new Set(plans).size).toBe(1);
});
