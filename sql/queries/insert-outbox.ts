import type { ClientBase } from 'pg';

export type OutboxInsert = {
  readonly eventId: string;
  readonly source: string;
  readonly detailType: string;
  /** JSON text, kept as it is. */
  readonly detail: string;
};

/** Stores events to be published after the caller's commit: one statement, however many. */
export async function insertOutbox(client: ClientBase, rows: readonly OutboxInsert[]): Promise<void> {
  await client.query(
    `insert into ops.outbox (event_id, source, detail_type, detail)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::json[])`,
    [
      rows.map((row) => row.eventId),
      rows.map((row) => row.source),
      rows.map((row) => row.detailType),
      rows.map((row) => row.detail),
    ],
  );
}
