import type { ClientBase } from 'pg';

export type NewChange = {
  readonly eventId: string;
  readonly kind: 'ingest' | 'delete' | 'split' | 'replay' | 'rebuild';
  readonly cause: 'live' | 'backfill' | 'correction' | 'split' | 'replay';
  readonly source: string;
  readonly tradingDay: string | null;
  readonly correlationId: string;
  readonly counts: Readonly<Record<string, unknown>>;
};

/** Returns the change's id, which its invalidations name. */
export async function insertChange(client: ClientBase, change: NewChange): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into ops.change (event_id, kind, cause, source, trading_day, correlation_id, counts)
     values ($1, $2, $3, $4, $5, $6, $7)
     returning id`,
    [
      change.eventId,
      change.kind,
      change.cause,
      change.source,
      change.tradingDay,
      change.correlationId,
      JSON.stringify(change.counts),
    ],
  );
  const [row] = rows;
  if (!row) throw new Error(`The change of event ${change.eventId} was not stored`);
  return row.id;
}

/** Whether the transaction that wrote that change has committed. */
export async function isChangeStored(client: ClientBase, eventId: string): Promise<boolean> {
  const { rows } = await client.query('select from ops.change where event_id = $1', [eventId]);
  return rows.length > 0;
}
