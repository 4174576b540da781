import { addDays } from '../../shared/calendar/day.ts';
import { newYorkDay } from '../../shared/calendar/new-york.ts';
import { isSession, latestClosedSession, sessionsBetween } from '../../shared/calendar/sessions.ts';

/** Bars are restated in the days after: trades are busted, late ones are added. */
const askedAgain = 5;

export type NightlyState = {
  /** Trading days that some source has delivered. */
  readonly stored: ReadonlySet<string>;
  readonly now: Date;
  /** Calendar days, up to the day of `now` in New York. */
  readonly lookbackDays: number;
};

export type NightlyPlan = {
  /** The newest session that has closed. */
  readonly latest: string;
  /** The day in New York, if it has no session; null on an ordinary day. */
  readonly closedToday: string | null;
  /** Sessions between the first stored one and `latest` that nobody has delivered. */
  readonly gaps: readonly string[];
  /** Stored sessions to ask again, for bars that were restated. */
  readonly again: readonly string[];
  /** All that is to be asked, in date order. */
  readonly days: readonly string[];
};

/**
 * What a night has to ask: the latest closed session, the gaps after the first stored one, and the newest stored ones again. On a
 * day without a session only what is missing.
 *
 *     stored     ■ ■ · ■ ■ · ■ ■ ■ ■ ■ ·
 *     asked          g     g a a a a a latest
 */
export function planNightly({ stored, now, lookbackDays }: NightlyState): NightlyPlan {
  const today = newYorkDay(now);
  const latest = latestClosedSession(now);
  const sessions = sessionsBetween(addDays(today, -lookbackDays), latest);
  // Also of long ago: what is older than the lookback is left alone, and what came after it is a gap.
  const first = [...stored].reduce((a, b) => (a < b ? a : b), latest);
  const gaps = sessions.filter((day) => day > first && day < latest && !stored.has(day));
  const closedToday = isSession(today) ? null : today;
  const again = closedToday ? [] : sessions.filter((day) => stored.has(day)).slice(-askedAgain);
  const newest = stored.has(latest) ? [] : [latest];
  return { latest, closedToday, gaps, again, days: [...gaps, ...again, ...newest].sort() };
}

/** Whether one day can be asked: it must have a session, and that must have closed. */
export function planOneDay(
  day: string,
  now: Date,
): { readonly day: string } | { readonly noSession: string } | { readonly notClosed: string } {
  if (!isSession(day)) return { noSession: day };
  return day > latestClosedSession(now) ? { notClosed: day } : { day };
}
