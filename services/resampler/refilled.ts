import type { RefilledState } from '../../sql/queries/finish-run.ts';
import type { SymbolState } from '../../sql/queries/lock-symbols.ts';
import type { FoldedSymbol } from './fold.ts';
import { fromDays } from './trading-date.ts';

/** The state of a symbol that was read to its end, if it is not what is stored. */
export function refilled(
  symbol: string,
  state: SymbolState | undefined,
  folded: FoldedSymbol | undefined,
): RefilledState[] {
  if (state === undefined || folded === undefined) return [];
  const barCount = folded.nextOrdinal - state.baseOrdinal;
  // Nothing was read when the change took bars off the end: then the state, kept by whoever deleted them, is right.
  const lastDate = folded.lastDate === undefined ? state.lastDate : fromDays(folded.lastDate);
  const starts = folded.lastStarts.filter((start) => start !== undefined).map(fromDays);
  const openStart = starts.length === folded.lastStarts.length ? starts : null;
  const same =
    barCount === state.barCount &&
    lastDate === state.lastDate &&
    openStart?.join() === state.openStart?.join();
  return same ? [] : [{ symbol, barCount, lastDate, openStart }];
}
