import { addDays } from '../shared/calendar/day.ts';
import { newYorkInstant } from '../shared/calendar/new-york.ts';
import type { QuarantineReason } from './quarantine-reasons.ts';

/**
 * Says whether a `window_start` lies in a day of New York: from its midnight to the next, 23 to 25 hours.
 * Stamps are nanoseconds since 1970 and pass 2^53, so they are never numbers.
 * @returns null when it does, else why the row is no bar of that day.
 */
export function windowStartCheck(tradingDay: string): (stamp: string) => QuarantineReason | null {
  const from = nanoseconds(newYorkInstant(tradingDay, '00:00'));
  const until = nanoseconds(newYorkInstant(addDays(tradingDay, 1), '00:00'));
  // A day's rows share a stamp or two: judge each once.
  const known = new Map<string, QuarantineReason | null>();
  return (stamp) => {
    const found = known.get(stamp);
    if (found !== undefined) return found;
    const reason = judge(stamp, from, until);
    if (known.size < 100) known.set(stamp, reason);
    return reason;
  };
}

function judge(stamp: string, from: bigint, until: bigint): QuarantineReason | null {
  if (!/^\d{1,19}$/.test(stamp)) return 'not_a_number';
  const at = BigInt(stamp);
  return at >= from && at < until ? null : 'wrong_day';
}

function nanoseconds(instant: Date): bigint {
  return BigInt(instant.getTime()) * 1_000_000n;
}
