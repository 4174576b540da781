import type { ClientBase } from 'pg';
import type { RecordedChange } from './record-ingest.ts';

/** The symbols of which invalidations of the changes are still pending, by the changes' ids. */
export async function symbolsLeft(
  client: ClientBase,
  changes: readonly RecordedChange[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await client.query<{ changeId: string; symbols: string[] }>({
    name: 'symbols-left',
    text: `select change_id::text as "changeId", array_agg(symbol) as symbols
             from ops.invalidation
            where written_by = any($1::xid8[]) and change_id = any($2::bigint[])
            group by change_id`,
    values: [changes.map((each) => each.transactionId), changes.map((each) => each.changeId)],
  });
  return new Map(rows.map(({ changeId, symbols }) => [changeId, symbols]));
}
