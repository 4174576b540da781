import { addInterval as makeInterval } from '../../sql/queries/add-interval.ts';
import { forgetOpenStarts } from '../../sql/queries/forget-open-starts.ts';
import type { Database } from '../shared/database.ts';
import { type Restated, restate } from '../shared/restate.ts';

/**
 * Adds an interval, and invalidates every symbol for it alone: the other tables are not looked at. `changeId` is null
 * if it is there already.
 */
export async function addInterval(db: Database, days: number): Promise<Restated> {
  return await restate(
    db,
    // All: a symbol that came and was worked in before the commit would know nothing of the interval.
    {
      kind: 'rebuild',
      cause: 'correction',
      source: 'cli',
      producer: 'cli',
      symbols: 'all',
      counts: { intervals: [days] },
    },
    async (client, states) => {
      if (!(await makeInterval(client, days))) return null;
      const symbols = states.map((state) => state.symbol);
      await forgetOpenStarts(client, symbols);
      return symbols.map((symbol) => ({
        symbol,
        fromDate: '-infinity',
        throughDate: null,
        reason: 'rebuild',
        intervals: [days],
      }));
    },
  );
}
