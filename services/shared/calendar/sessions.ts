import { getHolidays } from 'nyse-holidays';
import { addDays, isDay, weekday } from './day.ts';
import { oneOffClosures, oneOffEarlyCloses } from './irregular-days.ts';
import { newYorkDay, newYorkInstant } from './new-york.ts';

/** The first year that this calendar knows. */
export const firstYear = 1990;

export class CalendarRangeError extends Error {
  override name = 'CalendarRangeError';
  constructor(day: string) {
    super(
      isDay(day)
        ? `The trading calendar begins in ${firstYear}: "${day}" is before it`
        : `Not a calendar day: "${day}"; write it as YYYY-MM-DD`,
    );
  }
}

/** Whether the calendar knows that the exchanges were closed that day. */
export function isKnownClosure(day: string): boolean {
  return day >= firstDay && !isSession(day);
}

const firstDay = `${firstYear}-01-01`;
const holidaysByYear = new Map<string, ReadonlyMap<string, string>>();

/**
 * Whether the New York exchanges trade on that day.
 * @throws {CalendarRangeError} if it is no day, or before 1990.
 */
export function isSession(day: string): boolean {
  if (!isDay(day) || Number(day.slice(0, 4)) < firstYear) throw new CalendarRangeError(day);
  const dayOfWeek = weekday(day);
  return dayOfWeek !== 0 && dayOfWeek !== 6 && closureName(day) === null;
}

/** Why the exchanges are closed on that day, such as "Good Friday"; null when they are not, or for a weekend alone. */
export function closureName(day: string): string | null {
  return holidayName(day) ?? oneOffClosures.get(day) ?? null;
}

/** When the session closes on New York's clocks, `HH:MM`; null when there is none that day. */
export function closingTime(day: string): '13:00' | '14:00' | '16:00' | null {
  if (!isSession(day)) return null;
  const early = Number(day.slice(0, 4)) <= 1992 ? '14:00' : '13:00';
  return oneOffEarlyCloses.has(day) || closesEarly(day) ? early : '16:00';
}

/** The instant at which the session closes; null when there is none that day. */
export function sessionClose(day: string): Date | null {
  const time = closingTime(day);
  return time === null ? null : newYorkInstant(day, time);
}

/** The sessions from `from` to `to`, both included, in order; none before the calendar begins. */
export function sessionsBetween(from: string, to: string): string[] {
  const sessions: string[] = [];
  const first = from < firstDay ? firstDay : from;
  for (let day = first; day <= to; day = addDays(day, 1)) if (isSession(day)) sessions.push(day);
  return sessions;
}

/** The newest session that has closed at the instant `at`: at its close it has. */
export function latestClosedSession(at: Date): string {
  for (let day = newYorkDay(at); ; day = addDays(day, -1)) {
    const close = sessionClose(day);
    if (close && close <= at) return day;
  }
}

/** The rules for early closes, as they have been since 1990. */
function closesEarly(day: string): boolean {
  const year = Number(day.slice(0, 4));
  const monthAndDay = day.slice(5);
  const dayOfWeek = weekday(day);
  switch (monthAndDay) {
    case '12-24':
      return true;
    // Until 2012 a Wednesday before the holiday was a full day, and the Friday after it was short.
    case '07-03':
      return year >= 1995 && (dayOfWeek !== 3 || year >= 2013);
    case '07-05':
      return year >= 1995 && year <= 2012 && dayOfWeek === 5;
    default:
      return year >= 1992 && dayOfWeek === 5 && isThanksgiving(addDays(day, -1));
  }
}

function isThanksgiving(day: string): boolean {
  const dayOfMonth = Number(day.slice(8));
  return day.slice(5, 7) === '11' && weekday(day) === 4 && dayOfMonth >= 22 && dayOfMonth <= 28;
}

/** nyse-holidays has every holiday by rule; only its `dateString` is independent of the machine's time zone. */
function holidayName(day: string): string | undefined {
  const year = day.slice(0, 4);
  let holidays = holidaysByYear.get(year);
  if (!holidays) {
    holidays = new Map(getHolidays(Number(year)).map((holiday) => [holiday.dateString, holiday.name]));
    holidaysByYear.set(year, holidays);
  }
  return holidays.get(day);
}
