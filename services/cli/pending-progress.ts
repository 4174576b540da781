import type { Database } from '../shared/database.ts';
import type { Output } from './output.ts';
import { progressBar } from './progress.ts';

/** Runs `work` while a bar shows how many of the symbols that wait are done. Without a terminal it asks nothing. */
export async function withPendingProgress<T>(
  db: Database,
  output: Output,
  work: () => Promise<T>,
): Promise<T> {
  if (!output.rich) return await work();
  const bar = progressBar(output, 'silver', 'symbols');
  let most = 0;
  let asking = false;
  const look = async () => {
    if (asking) return;
    asking = true;
    try {
      const [row] = await db.query<{ symbols: number }>(
        'select count(distinct symbol)::int as symbols from ops.invalidation',
      );
      const left = row?.symbols ?? 0;
      most = Math.max(most, left);
      if (most > 0) bar.update(most - left, most);
    } catch {
      // The work itself tells what is wrong with the database.
    } finally {
      asking = false;
    }
  };
  const timer = setInterval(() => void look(), 250);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    bar.stop();
  }
}
