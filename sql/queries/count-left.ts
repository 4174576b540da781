import type { ClientBase } from 'pg';
import type { RecordedChange } from './record-ingest.ts';

/** How many invalidations of each of the changes are still pending, by the changes' ids. */
export async function countLeft(
  client: ClientBase,
  changes: readonly RecordedChange[],
): Promise<ReadonlyMap<string, number>> {
  // The transaction is what has an index, the change is what is meant.
  const { rows } = await client.query<{ changeId: string; count: number }>({
    name: 'count-left',
    text: `select change_id::text as "changeId", count(*)::int
             from ops.invalidation
            where written_by = any($1::xid8[]) and change_id = any($2::bigint[])
            group by change_id`,
    values: [changes.map((each) => each.transactionId), changes.map((each) => each.changeId)],
  });
  return new Map(rows.map(({ changeId, count }) => [changeId, count]));
}
