import type { AvailableDay } from '../available-day.ts';
import type { Selection } from '../selection.ts';
import { type MassiveDeps, readGroupedDaily } from './grouped-daily.ts';
import { massiveFingerprint } from './massive-source.ts';

/** Sessions of the whole market, or of the selection: one call each, unless they are known. */
export function groupedDays(
  deps: MassiveDeps,
  sessions: readonly string[],
  selection: Selection,
): AvailableDay[] {
  const fingerprint = massiveFingerprint(selection);
  return sessions.map((tradingDay) => ({
    tradingDay,
    fingerprint: () => Promise.resolve(fingerprint),
    read: (signal) => readGroupedDaily(deps, { tradingDay, selection }, signal),
  }));
}
