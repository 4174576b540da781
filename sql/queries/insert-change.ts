import type { ClientBase } from 'pg';

export type ChangeInsert = {
  /** metadata.id of the event that tells of it. */
  readonly eventId: string;
  readonly kind: 'delete' | 'retention' | 'split' | 'rebuild';
  readonly cause: 'live' | 'backfill' | 'correction' | 'split' | 'replay';
  readonly source: string;
  /** null: it is not about one day. */
  readonly tradingDay: string | null;
  readonly correlationId: string;
  readonly counts: Readonly<Record<string, unknown>>;
};

/** Notes a change of history, and returns its id. */
export async function insertChange(client: ClientBase, change: ChangeInsert): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into ops.change (event_id, kind, cause, source, trading_day, correlation_id, counts)
     values ($1, $2, $3, $4, $5, $6, $7) returning id::text`,
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
  return (rows[0] as { id: string }).id;
}
