import type { SymbolState } from '../../sql/queries/lock-symbols.ts';
import { mergeAppended } from '../../sql/queries/merge-appended.ts';
import type { Split } from '../../sql/queries/read-splits.ts';
import type { Taken } from '../../sql/queries/take-invalidations.ts';
import type { Client } from '../shared/database.ts';
import type { TableSummary } from './summary.ts';

/** Whether all that happened to the symbol may be one bar after its last. The merge itself checks that it is so. */
export function looksAppended(
  taken: Taken,
  state: SymbolState | undefined,
  intervals: readonly number[],
  splits: readonly Split[],
): boolean {
  return (
    state !== undefined &&
    taken.invalidations === 1 &&
    // A replayed bar is in silver already, and one row that the merge does not find sends all symbols the long way.
    taken.replays === 0 &&
    taken.throughDate === null &&
    taken.intervals === null &&
    taken.fromDate === state.lastDate &&
    state.openStart?.length === intervals.length &&
    // A split that is announced already adjusts the newest bar.
    splits.every((split) => split.exDate <= taken.fromDate)
  );
}

/**
 * Merges the newest bar of each symbol into silver, or, if a single row is not as expected, leaves silver as it was and
 * returns undefined.
 */
export async function append(
  client: Client,
  states: readonly SymbolState[],
  intervals: readonly number[],
): Promise<TableSummary[] | undefined> {
  const symbols = states.map((state) => state.symbol);
  await client.query('savepoint append');
  const merged = await mergeAppended(client, symbols, intervals);
  if (merged.some(({ rows }) => rows !== symbols.length)) {
    await client.query('rollback to savepoint append');
    return undefined;
  }
  await client.query('release savepoint append');
  return intervals.map((days, index) => ({
    days,
    symbols,
    completed: states
      .filter(({ baseOrdinal, barCount }) => (baseOrdinal + barCount) % days === 0)
      .map((state) => state.symbol),
    from: merged[index]?.from ?? null,
    changedRows: symbols.length,
  }));
}
