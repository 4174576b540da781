import { insertConsumed } from '../../sql/queries/insert-consumed.ts';
import type { Client } from './database.ts';

/**
 * Whether `consumer` has handled all of the keys before. Those that it had not, it has now, as soon as the caller's transaction
 * commits: call it in the transaction of the work, so that both happen or neither.
 * @param keys each the event's idempotencyKey, with the replay's name where a replay shall count again.
 */
export async function consumedBefore(
  client: Client,
  consumer: string,
  keys: readonly string[],
): Promise<boolean> {
  return (await insertConsumed(client, { consumer, keys })) === 0;
}
