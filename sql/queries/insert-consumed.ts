import type { ClientBase } from 'pg';

/** Notes that `consumer` has handled the keys. Returns how many were not noted before; waits for a transaction that is noting one. */
export async function insertConsumed(
  client: ClientBase,
  { consumer, keys }: { consumer: string; keys: readonly string[] },
): Promise<number> {
  const { rowCount } = await client.query(
    `insert into ops.consumed (consumer, key)
     select $1, key from unnest($2::text[]) as key order by key
     on conflict do nothing`,
    [consumer, keys],
  );
  return rowCount ?? 0;
}
