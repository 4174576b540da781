import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { format } from 'fast-csv';
import type { Bar } from './api.ts';
import type { BarsRequest } from './reads/read-bars-page.ts';

/** As `fibbars bars --format csv` names them. */
const headers = ['symbol', 'start_date', 'end_date', 'open', 'high', 'low', 'close', 'volume', 'bar_count'];

/**
 * Sends bars as a file. A spreadsheet runs no cell of it: none begins with `=`, `+`, `-` or `@`, for symbols begin with a letter or a
 * digit, and prices and volumes are not negative.
 */
export async function sendBarsCsv(
  response: ServerResponse,
  { symbol, interval }: Pick<BarsRequest, 'symbol' | 'interval'>,
  bars: readonly Bar[],
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${symbol.replaceAll('/', '-')}-${interval}d.csv"`,
    'cache-control': 'no-store',
  });
  const rows = bars.map(({ start, end, open, high, low, close, volume, count }) => [
    symbol,
    start,
    end,
    open,
    high,
    low,
    close,
    volume,
    count,
  ]);
  await pipeline(
    Readable.from(rows),
    format({ headers, alwaysWriteHeaders: true, includeEndRowDelimiter: true }),
    response,
  ).catch((error: NodeJS.ErrnoException) => {
    // Whoever asked has left.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}
