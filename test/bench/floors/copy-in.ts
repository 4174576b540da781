/** The finished rows by binary COPY into empty keyed tables: what writing a rebuild costs, with nothing of ours. */
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { timed } from '../measure.ts';
import type { Stand } from '../stand.ts';
import { createTables, silverColumns } from './tables.ts';

/** One interval's rows as binary COPY, in key order. In a file: those of the largest market do not fit into memory. */
export type Finished = { readonly days: number; readonly file: string; readonly bytes: number };

const pieceBytes = 1 << 18;

/** The rows of silver as it is, which must be right. The longest first. */
export async function writeFinished({ db, intervals, directory }: Stand): Promise<Finished[]> {
  const finished: Finished[] = [];
  for (const days of intervals) {
    const file = join(directory, `silver_${days}d.copy`);
    await db.withClient(async (client) => {
      const text = `copy (select ${silverColumns} from public.silver_${days}d order by symbol, start_date) to stdout (format binary)`;
      await pipeline(client.query(copyTo(text)), createWriteStream(file));
    });
    finished.push({ days, file, bytes: (await stat(file)).size });
  }
  return finished.toSorted((a, b) => b.bytes - a.bytes);
}

/** Each session takes the next table when it is done with one. */
export async function copyFinishedIn(
  stand: Stand,
  finished: readonly Finished[],
  sessions: number,
): Promise<number> {
  await createTables(stand, 'floor');
  await stand.db.query('checkpoint');
  const waiting = [...finished];
  const session = () =>
    stand.db.transaction(async (client) => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await pipeline(
          createReadStream(next.file, { highWaterMark: pieceBytes }),
          client.query(
            copyFrom(`copy bench.floor_${next.days}d (${silverColumns}) from stdin (format binary)`),
          ),
        );
      }
    });
  return await timed(() => Promise.all(Array.from({ length: sessions }, session)));
}
