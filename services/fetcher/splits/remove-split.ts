import { deleteSplit } from '../../../sql/queries/delete-split.ts';
import type { Database } from '../../shared/database.ts';
import { type Restated, restate } from '../../shared/restate.ts';
import { invalidateSplits } from './invalidate-splits.ts';

/** Removes one split. Without such a split nothing is changed or told, and `changeId` is null. */
export async function removeSplit(db: Database, symbol: string, exDate: string): Promise<Restated> {
  return await restate(
    db,
    { kind: 'split', cause: 'split', source: 'cli', producer: 'cli', symbols: [symbol] },
    async (client, states) =>
      (await deleteSplit(client, symbol, exDate)) ? invalidateSplits([{ symbol, exDate }], states) : null,
  );
}
