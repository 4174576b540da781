import { to as copyTo } from 'pg-copy-streams';
import type { Client } from '../../../services/shared/database.ts';
import { timed } from '../measure.ts';
import type { Stand } from '../stand.ts';
import { bronzeColumns, silverColumns } from './tables.ts';

/** Bronze and silver out by binary COPY, in key order, read and thrown away. */
export async function copyAllOut({ db, intervals }: Stand): Promise<number> {
  await db.query('checkpoint');
  return await timed(() =>
    db.transaction(async (client) => {
      await client.query('set local enable_seqscan = off');
      await drainCopy(client, `select ${bronzeColumns} from public.raw_ohlcv order by symbol, date`);
      for (const days of intervals) {
        await drainCopy(
          client,
          `select ${silverColumns} from public.silver_${days}d order by symbol, start_date`,
        );
      }
    }),
  );
}

async function drainCopy(client: Client, query: string): Promise<void> {
  let bytes = 0;
  for await (const part of client.query(copyTo(`copy (${query}) to stdout (format binary)`))) {
    bytes += (part as Buffer).length;
  }
  if (bytes === 0) throw new Error(`nothing came of ${query}`);
}
