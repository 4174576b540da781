import type { Producer } from '../../../events/metadata.ts';
import type { SymbolState } from '../../../sql/queries/lock-symbols.ts';
import { upsertSplits } from '../../../sql/queries/upsert-splits.ts';
import type { Database } from '../../shared/database.ts';
import { type Restated, restate } from '../../shared/restate.ts';
import { AdjustedSeriesError } from './adjusted-series-error.ts';
import { invalidateSplits } from './invalidate-splits.ts';
import type { Split } from './split.ts';

export type ImportedSplits = Restated & {
  /** New, or with another ratio than before. */
  readonly changed: number;
  readonly unchanged: number;
  /** Of the symbols, those that have no bars. */
  readonly withoutBars: readonly string[];
};

/**
 * Stores splits, at most one a symbol and date among them. Only what changed is invalidated: the bars before the ex-date of
 * symbols that have bars. A symbol without bars may have splits: its first bars will meet them.
 * @throws {AdjustedSeriesError} if bars of one of the symbols were delivered adjusted; nothing is stored then.
 */
export async function importSplits(
  db: Database,
  splits: readonly Split[],
  { source, producer }: { source: string; producer: Producer },
): Promise<ImportedSplits> {
  let changed = 0;
  let withoutBars: string[] = [];
  const restated = await restate(
    db,
    {
      kind: 'split',
      cause: 'split',
      source,
      producer,
      symbols: [...new Set(splits.map(({ symbol }) => symbol))],
      // The row is the lock: whoever brings the symbol's first bars meanwhile waits for it, or is waited for.
      makeMissing: true,
    },
    async (client, states) => {
      withoutBars = states.filter((state) => !hasBars(state)).map(({ symbol }) => symbol);
      const adjusted = states.filter((state) => hasBars(state) && state.deliveredAdjusted);
      if (adjusted.length > 0) throw new AdjustedSeriesError(adjusted.map(({ symbol }) => symbol));
      const stored = await upsertSplits(client, splits, source);
      changed = stored.length;
      return changed === 0 ? null : invalidateSplits(stored, states);
    },
  );
  return { ...restated, changed, unchanged: splits.length - changed, withoutBars };
}

function hasBars(state: SymbolState): boolean {
  return state.barCount + state.baseOrdinal > 0;
}
