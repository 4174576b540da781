import { writeToString } from 'fast-csv';
import { readBars } from '../../../sql/queries/read-bars.ts';
import { readIntervals } from '../../../sql/queries/read-intervals.ts';
import type { SilverRow } from '../../../sql/queries/write-silver.ts';
import type { Client } from '../../shared/database.ts';
import { exitCodes, UsageError } from '../../shared/exit-code.ts';
import { formatDecimal, formatTable } from '../format.ts';
import type { Output } from '../output.ts';

export type BarsFormat = 'table' | 'csv' | 'json';

export type BarsRequest = {
  readonly symbol: string;
  readonly days: number;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly complete?: boolean | undefined;
  readonly format: BarsFormat;
};

/** Prints the bars of one symbol. Finding none is an exit code of 1. */
export async function bars(client: Client, output: Output, request: BarsRequest): Promise<number> {
  const intervals = [1, ...(await readIntervals(client))];
  if (!intervals.includes(request.days)) {
    throw new UsageError(`there are no bars of ${request.days} days: choose ${intervals.join(', ')}`);
  }
  if (output.json && request.format === 'csv') {
    throw new UsageError('--json and --format csv ask for two formats: choose one');
  }
  const rows = await readBars(client, { ...request, completeOnly: request.complete });
  if (request.format === 'csv') {
    await output.raw(await toCsv(rows));
  } else if (request.format === 'json' || output.json) {
    const document = {
      symbol: request.symbol,
      interval: request.days,
      bars: rows.map((row) => toJson(row, request.days)),
    };
    await output.raw(`${JSON.stringify(document, undefined, 2)}\n`);
  } else if (rows.length > 0) {
    for (const line of barsTable(request.symbol, request.days, rows)) output.say(line);
  }
  if (rows.length > 0) return exitCodes.done;
  process.stderr.write(`${await explainNone(client, request)}\n`);
  return exitCodes.failed;
}

/** Candles as a table, prices rounded to what the eye takes in. */
export function barsTable(symbol: string, days: number, rows: readonly SilverRow[]): string[] {
  return formatTable([
    [`${symbol}, ${days} ${days === 1 ? 'day' : 'days'}`, 'open', 'high', 'low', 'close', 'volume', ''],
    ...rows.map((row) => [
      days === 1 ? row.startDate : `${row.startDate} … ${row.endDate}`,
      ...[row.open, row.high, row.low, row.close].map((price) => formatDecimal(price, 2)),
      formatDecimal(row.volume, 0),
      row.barCount < days ? `forming, ${row.barCount} of ${days}` : '',
    ]),
  ]);
}

async function toCsv(rows: readonly SilverRow[]): Promise<string> {
  const headers = ['symbol', 'start_date', 'end_date', 'open', 'high', 'low', 'close', 'volume', 'bar_count'];
  return await writeToString(
    rows.map((row) => [
      row.symbol,
      row.startDate,
      row.endDate,
      row.open,
      row.high,
      row.low,
      row.close,
      row.volume,
      row.barCount,
    ]),
    { headers, alwaysWriteHeaders: true, includeEndRowDelimiter: true },
  );
}

function toJson(row: SilverRow, days: number) {
  return {
    symbol: row.symbol,
    start_date: row.startDate,
    end_date: row.endDate,
    open: row.open,
    high: row.high,
    low: row.low,
    close: row.close,
    volume: row.volume,
    bar_count: row.barCount,
    complete: row.barCount === days,
  };
}

async function explainNone(client: Client, { symbol, days, from, to }: BarsRequest): Promise<string> {
  const { rows } = await client.query<{ first: string | null; last: string | null; bars: number }>(
    'select first_date as first, last_date as last, bar_count as bars from ops.symbol where symbol = $1',
    [symbol],
  );
  const [known] = rows;
  if (known) {
    return `No ${days}-day bars of ${symbol} ${from || to ? `from ${from ?? 'the start'} to ${to ?? 'the end'}` : 'yet'}: it has ${known.bars} daily bars, ${known.first} to ${known.last}`;
  }
  const others = await client.query<{ symbol: string }>(
    'select symbol from ops.symbol where upper(symbol) = upper($1) or symbol like $2 order by symbol limit 5',
    [symbol, `${symbol.slice(0, 1).toUpperCase()}%`],
  );
  const hint = others.rows.map((row) => row.symbol).join(', ');
  return `Nothing is stored for ${JSON.stringify(symbol)}${hint ? `; there is ${hint}` : '; `fibbars status` shows what there is'}. Symbols are case-sensitive`;
}
