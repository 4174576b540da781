import type { Client } from '../database.ts';

/**
 * Notes that a shard of the job found none of its invalidations left; the last one finishes the job as succeeded.
 * Returns whether the job is finished by that. Repeating it changes nothing, nor does it revive a failed job.
 * @param shard the array index that Batch gave, 0 for a job of one shard
 */
export async function finishShard(client: Client, jobId: string, shard: number): Promise<boolean> {
  const { rows } = await client.query<{ finished: boolean }>(
    `update ops.job
     set finished_shards = array_remove(finished_shards, $2) || $2,
         finished_at = case when cardinality(array_remove(finished_shards, $2)) + 1 = shards then clock_timestamp() end,
         outcome = case when cardinality(array_remove(finished_shards, $2)) + 1 = shards then 'succeeded' end
     where id = $1 and finished_at is null and $2::integer between 0 and shards - 1
     returning finished_at is not null as finished`,
    [jobId, shard],
  );
  return rows[0]?.finished ?? false;
}
