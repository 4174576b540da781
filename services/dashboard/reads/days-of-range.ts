import type { DeliveredDay } from '../../../sql/queries/read-delivered-days.ts';
import { addDays } from '../../shared/calendar/day.ts';
import { closingTime, closureName, isSession, sessionClose } from '../../shared/calendar/sessions.ts';
import type { Day, DayState } from '../api.ts';

export type DeliveredRange = {
  /** First and last calendar day, both included; not before the calendar begins. */
  readonly from: string;
  readonly through: string;
  /** Those within the range. */
  readonly delivered: readonly DeliveredDay[];
  /** The first and last day that any source delivered, without those older than any bar; null: none was. */
  readonly bounds: { readonly first: string; readonly last: string } | null;
};

/** Every calendar day of the range with its state at the instant `now`. */
export function daysOfRange({ from, through, delivered, bounds }: DeliveredRange, now: Date): Day[] {
  const byDay = new Map(delivered.map((each) => [each.day, each]));
  const days: Day[] = [];
  for (let day = from; day <= through; day = addDays(day, 1)) {
    const found = byDay.get(day);
    days.push({
      day,
      state: stateOf(day, { found, bounds, now }),
      note: closureName(day) ?? (closesEarly(day) ? 'early close' : null),
      bars: found?.bars ?? 0,
      quarantined: found?.quarantined ?? 0,
    });
  }
  return days;
}

type Known = Pick<DeliveredRange, 'bounds'> & {
  readonly found: DeliveredDay | undefined;
  readonly now: Date;
};

function stateOf(day: string, { found, bounds, now }: Known): DayState {
  const isOutside = bounds === null || day < bounds.first || day > bounds.last;
  if (found && !isOutside) {
    if (found.restated) return 'restated';
    return found.late ? 'late' : 'complete';
  }
  if (!isSession(day)) return closureName(day) === null ? 'weekend' : 'holiday';
  if ((sessionClose(day) ?? now) > now) return 'future';
  return isOutside ? 'outside' : 'missing';
}

function closesEarly(day: string): boolean {
  const time = closingTime(day);
  return time !== null && time !== '16:00';
}
