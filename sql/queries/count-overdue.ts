import type { ClientBase } from 'pg';

/** Longer than the three attempts of half an hour that a resampling job has. */
const overdueAfter = '2 hours';

/** How many invalidations are pending that a job should have worked in by now. */
export async function countOverdue(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count
       from ops.invalidation
       join ops.change on change.id = invalidation.change_id
      where change.occurred_at < now() - $1::interval`,
    [overdueAfter],
  );
  return rows[0]?.count ?? 0;
}
