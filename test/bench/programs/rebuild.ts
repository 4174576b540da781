/**
 * Works in all that is pending in DATABASE_URL, in as many sessions as its first argument says, in a process of its own, so that
 * its memory is that of a job. Says what it took on stdout.
 */
import { openDatabase } from '../../../services/shared/database.ts';
import { readIntervals } from '../../../sql/queries/read-intervals.ts';
import { resampleAll } from '../work.ts';

export type Rebuilt = {
  readonly changedRows: number;
  readonly ms: number;
  /** The most memory that it held. */
  readonly peakMb: number;
};

const sessions = Number(process.argv[2]);
const db = openDatabase({
  connectionString: process.env['DATABASE_URL'] ?? '',
  maxConnections: sessions + 1,
});
try {
  const rows = await db.query<{ symbol: string }>('select symbol from ops.symbol order by symbol');
  const intervals = await db.withClient(readIntervals);
  const startMs = performance.now();
  const { changedRows } = await resampleAll(
    { db, intervals, symbols: rows.map((row) => row.symbol) },
    sessions,
  );
  const rebuilt: Rebuilt = {
    changedRows,
    ms: performance.now() - startMs,
    // In kilobytes, on every system.
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
  process.stdout.write(`${JSON.stringify(rebuilt)}\n`);
} finally {
  await db.close();
}
