import type { ClientBase } from 'pg';

/**
 * Adds symbols to a live job of one shard that has not started and computes every interval, and returns its id;
 * undefined if there is none. Only under the lock of lockJobs.
 */
export async function extendJob(client: ClientBase, symbols: readonly string[]): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>(
    `update ops.job
     set symbols = array(select unnest(symbols) collate "C" union select unnest($1::text[]) order by 1)
     where id = (
       select id from ops.job
       where finished_at is null and started_at is null and shards = 1
         and intervals @> array(select days from ops.interval)
       order by claimed_at desc
       limit 1
     )
     returning id`,
    [symbols],
  );
  return rows[0]?.id;
}
