import { sessionsBetween } from './sessions.ts';

/**
 * Sessions that no source delivered between those that one did. What is older than any bar is left out: retention has dropped it.
 * @param days that were delivered, in order.
 * @param firstDate of all bars; null: there is none.
 */
export function missingSessions(days: readonly string[], firstDate: string | null): string[] {
  const [first, last] = [days.find((day) => firstDate !== null && day >= firstDate), days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const there = new Set(days);
  return sessionsBetween(first, last).filter((day) => !there.has(day));
}
