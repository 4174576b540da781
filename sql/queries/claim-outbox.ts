import type { ClientBase } from 'pg';

export type OutboxRow = {
  /** bigint as text. */
  readonly id: string;
  readonly eventId: string;
  readonly source: string;
  readonly detailType: string;
  /** JSON text as it was written. */
  readonly detail: string;
  readonly writtenAt: Date;
};

/**
 * Unpublished events that nobody else is publishing, oldest first. They stay claimed until the transaction ends.
 * @param except ids to leave alone.
 */
export async function claimOutbox(
  client: ClientBase,
  { limit, except }: { limit: number; except: readonly string[] },
): Promise<OutboxRow[]> {
  const { rows } = await client.query<OutboxRow>(
    `select id, event_id as "eventId", source, detail_type as "detailType",
            detail::text as detail, written_at as "writtenAt"
     from ops.outbox
     where published_at is null and id <> all ($2::bigint[])
     order by id
     limit $1
     for update skip locked`,
    [limit, except],
  );
  return rows;
}
