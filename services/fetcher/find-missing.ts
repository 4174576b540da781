import { findMissingBars } from '../../sql/queries/find-missing-bars.ts';
import type { Client } from '../shared/database.ts';
import type { Delivery } from './bar.ts';

/**
 * The symbols of the delivery's source with a stored bar on its day that it lacks. A row that is there but bad must not cost the good
 * bar stored before, so it is not missing.
 */
export async function findMissing(client: Client, delivery: Delivery): Promise<string[]> {
  const { tradingDay, source, selection, bars, quarantined } = delivery;
  return await findMissingBars(client, {
    source,
    tradingDay,
    delivered: [...bars, ...quarantined].map((row) => row.symbol.replaceAll('\0', '')),
    selection: selection ? [...selection] : null,
  });
}
