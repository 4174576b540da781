import type { ClientBase } from 'pg';

/** Forgets that `consumer` has handled the keys. */
export async function deleteConsumed(
  client: ClientBase,
  { consumer, keys }: { consumer: string; keys: readonly string[] },
): Promise<void> {
  await client.query('delete from ops.consumed where consumer = $1 and key = any ($2)', [consumer, keys]);
}
