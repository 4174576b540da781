import type { ClientBase } from 'pg';

export type OutboxSettlement = {
  readonly id: string;
  /** Requests that carried the event. */
  readonly attempts: number;
  /** Why it is not published; null if it is. */
  readonly error: string | null;
};

/** Notes of claimed events which are published, and why the others are not. */
export async function settleOutbox(
  client: ClientBase,
  settlements: readonly OutboxSettlement[],
): Promise<void> {
  await client.query(
    `update ops.outbox
     set published_at = case when settled.error is null then clock_timestamp() end,
         attempts = outbox.attempts + settled.attempts,
         last_error = settled.error
     from unnest($1::bigint[], $2::integer[], $3::text[]) as settled (id, attempts, error)
     where outbox.id = settled.id`,
    [settlements.map((s) => s.id), settlements.map((s) => s.attempts), settlements.map((s) => s.error)],
  );
}
