import type { Invalidation } from '../../../sql/queries/insert-invalidations.ts';
import type { SymbolState } from '../../../sql/queries/lock-symbols.ts';
import { addDays } from '../../shared/calendar/day.ts';

/** What changed splits invalidate: the bars before each ex-date, of symbols that have bars. */
export function invalidateSplits(
  changed: readonly { readonly symbol: string; readonly exDate: string }[],
  states: readonly SymbolState[],
): Invalidation[] {
  const withBars = new Set(states.filter((state) => state.barCount > 0).map((state) => state.symbol));
  return changed
    .filter(({ symbol }) => withBars.has(symbol))
    .map(({ symbol, exDate }) => ({
      symbol,
      fromDate: '-infinity',
      throughDate: addDays(exDate, -1),
      reason: 'split',
    }));
}
