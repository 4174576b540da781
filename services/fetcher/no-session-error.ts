import { weekday } from '../shared/calendar/day.ts';
import { isKnownClosure } from '../shared/calendar/sessions.ts';

/** What claims to be a trading day and cannot be one: a bar of it would move all later groups of its symbol by one. */
export class NoSessionError extends Error {
  override name = 'NoSessionError';
  constructor(tradingDay: string) {
    const name = weekday(tradingDay) === 6 ? 'Saturday' : 'Sunday';
    super(
      `${tradingDay} is a ${name}, on which there is no session: it may be named for another day. Rename it, or take it away`,
    );
  }
}

/** Whether it is a day of a weekend, on which no exchange in New York has traded since the calendar begins. */
export function isWeekend(tradingDay: string): boolean {
  return isKnownClosure(tradingDay) && [0, 6].includes(weekday(tradingDay));
}
