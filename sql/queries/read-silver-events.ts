import type { ClientBase } from 'pg';

/** Where a look at the outbox stands. Ids and transaction ids are decimal text of 64 bits. */
export type OutboxView = {
  /** Highest id of a row that was visible. */
  readonly highest: string;
  /** Transactions below it had ended: what they wrote was visible. */
  readonly ended: string;
  /** Transactions from it on had not begun. */
  readonly begun: string;
};

export type WrittenEvent = { readonly id: string; readonly detail: unknown };

/** Rows of transactions that are still being written may be this far below the highest that is visible. */
const lookBack = 1_000n;

/**
 * SilverUpdated whose id is above `after`, published or not, oldest first, at most `limit`; and where this look stands. null: those
 * of the last 1,000 rows. In a transaction of one snapshot.
 */
export async function readSilverEvents(
  client: ClientBase,
  after: string | null,
  limit: number,
): Promise<{ view: OutboxView; after: string; events: WrittenEvent[] }> {
  const { rows: views } = await client.query<OutboxView>(
    `select coalesce(max(id), 0)::text as highest, pg_snapshot_xmin(pg_current_snapshot())::text as ended,
            pg_snapshot_xmax(pg_current_snapshot())::text as begun
       from ops.outbox`,
  );
  const view = views[0] as OutboxView;
  const from = after ?? String(BigInt(view.highest) - lookBack);
  const { rows: events } = await client.query<WrittenEvent>(
    `select id::text, detail from ops.outbox
      where id > $1 and detail_type = 'SilverUpdated'
      order by id
      limit $2`,
    [from, limit],
  );
  return { view, after: from, events };
}
