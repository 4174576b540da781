import type { ClientBase } from 'pg';

/** Notes that `consumer` has handled `key`. Returns false if that was noted before; waits for a transaction that is noting it. */
export async function insertConsumed(
  client: ClientBase,
  { consumer, key }: { consumer: string; key: string },
): Promise<boolean> {
  const { rowCount } = await client.query(
    'insert into ops.consumed (consumer, key) values ($1, $2) on conflict do nothing',
    [consumer, key],
  );
  return rowCount === 1;
}
