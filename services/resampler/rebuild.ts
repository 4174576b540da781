import { allSymbols } from '../../sql/queries/all-symbols.ts';
import { readIntervals } from '../../sql/queries/read-intervals.ts';
import { restoreState } from '../../sql/queries/restore-state.ts';
import type { Database } from '../shared/database.ts';
import { type Restated, restate } from '../shared/restate.ts';

export type Rebuild = Restated & {
  /** Asked for, but nothing is stored for them. */
  readonly unknown: readonly string[];
};

/**
 * Invalidates all silver of the symbols, or of everything that bronze, silver or the state knows. The ordinary job then
 * rewrites what differs: over silver that is right it writes nothing.
 */
export async function requestRebuild(db: Database, symbols?: readonly string[]): Promise<Rebuild> {
  const known = await db.repeat(async (client) => await allSymbols(client, await readIntervals(client)));
  const there = new Set(known);
  const unknown = (symbols ?? []).filter((symbol) => !there.has(symbol));
  const wanted = symbols ? symbols.filter((symbol) => there.has(symbol)) : known;
  const restated = await restate(
    db,
    {
      kind: 'rebuild',
      cause: 'correction',
      source: 'cli',
      producer: 'cli',
      symbols: wanted,
      makeMissing: true,
    },
    async (client, states) => {
      if (states.length === 0) return null;
      await restoreState(
        client,
        states.map((state) => state.symbol),
      );
      return states.map(({ symbol }) => ({
        symbol,
        fromDate: '-infinity',
        throughDate: null,
        reason: 'rebuild',
      }));
    },
  );
  return { ...restated, unknown };
}
