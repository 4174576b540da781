import type { ClientBase } from 'pg';

/** Whether there is anything to do, at the cost of a look at three indexes. */
export type Pending = { readonly events: boolean; readonly invalidations: boolean; readonly jobs: boolean };

export async function readPending(client: ClientBase): Promise<Pending> {
  const { rows } = await client.query<Pending>(
    `select exists (select from ops.outbox where published_at is null) as events,
            exists (select from ops.invalidation) as invalidations,
            exists (select from ops.job where finished_at is null) as jobs`,
  );
  return rows[0] as Pending;
}
