import { addDays } from '../../shared/calendar/day.ts';
import { newYorkDay, newYorkInstant } from '../../shared/calendar/new-york.ts';
import { latestClosedSession, sessionsBetween } from '../../shared/calendar/sessions.ts';
import type { NightlyState } from './plan-nightly.ts';

/** By New York's clocks, on the day after a session: plans that publish after midnight have done so for hours. */
const dueTime = '07:30';

/**
 * Sessions that are due and that nobody has delivered, in date order: of those that a night asks for, the ones whose morning after
 * has come. An evening on which today's session is not published yet misses nothing.
 */
export function overdueSessions({ stored, now, lookbackDays }: NightlyState): string[] {
  const today = newYorkDay(now);
  const yesterday = addDays(today, -1);
  const lastDue = now >= newYorkInstant(today, dueTime) ? yesterday : addDays(yesterday, -1);
  // As a night asks: with nothing stored, for the latest alone.
  const first = [...stored].reduce((a, b) => (a < b ? a : b), latestClosedSession(now));
  return sessionsBetween(addDays(today, -lookbackDays), lastDue).filter(
    (day) => day >= first && !stored.has(day),
  );
}
