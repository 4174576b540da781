import type { ClientBase } from 'pg';

export type Keep = {
  /** Of events, after they were published. */
  readonly publishedDays: number;
  /** Of what a consumer has handled: longer than the archive may send it again. */
  readonly consumedDays: number;
};

/** Forgets what was delivered long ago, oldest first, so much at a time that nobody waits for it. */
export async function pruneDelivered(client: ClientBase, keep: Keep): Promise<void> {
  await client.query(
    `with outbox as (
       delete from ops.outbox where id in (
         select id from ops.outbox where published_at < now() - make_interval(days => $1) order by id limit 10000)
     )
     delete from ops.consumed where consumed_at < now() - make_interval(days => $2)`,
    [keep.publishedDays, keep.consumedDays],
  );
}
