import type { ClientBase } from 'pg';

/**
 * Keeps every other claim, start and end of a job waiting until the transaction ends; reads go on. A statement of its
 * own, so that the next one sees what the earlier holders committed. The lock conflicts with itself and with the
 * ROW EXCLUSIVE of an ordinary update.
 */
export async function lockJobs(client: ClientBase): Promise<void> {
  await client.query('lock table ops.job in share row exclusive mode');
}
