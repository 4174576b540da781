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

export type StoredChange = {
  /** Which its invalidations name. */
  readonly id: string;
  /** ops.interval, ascending, for who keeps the state of symbols. */
  readonly intervals: number[];
};

export async function insertChange(client: ClientBase, change: NewChange): Promise<StoredChange> {
  const { rows } = await client.query<StoredChange>(
    `insert into ops.change (event_id, kind, cause, source, trading_day, correlation_id, counts)
     values ($1, $2, $3, $4, $5, $6, $7)
     returning id, array(select days from ops.interval order by days) as intervals`,
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
  return row;
}

/** Whether the transaction that wrote that change has committed. */
export async function isChangeStored(client: ClientBase, eventId: string): Promise<boolean> {
  const { rows } = await client.query('select from ops.change where event_id = $1', [eventId]);
  return rows.length > 0;
}
