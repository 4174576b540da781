import { deleteBars } from '../../sql/queries/delete-bars.ts';
import type { Database } from '../shared/database.ts';
import { type Restated, restate } from '../shared/restate.ts';

/**
 * Removes one wrong bar from bronze; every later group of the symbol moves. Without such a bar nothing is changed or told.
 * The delivery that brought it is not forgotten: a backfill that meets the same file again skips it.
 */
export async function deleteBar(db: Database, symbol: string, tradingDay: string): Promise<Restated> {
  return await restate(
    db,
    {
      kind: 'delete',
      cause: 'correction',
      source: 'cli',
      producer: 'cli',
      symbols: [symbol],
      tradingDay,
    },
    async (client) => {
      const deleted = await deleteBars(client, tradingDay, [symbol]);
      if (deleted.length === 0) return null;
      return [{ symbol, fromDate: tradingDay, throughDate: null, reason: 'deleted' }];
    },
  );
}
