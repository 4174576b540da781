import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseString } from 'fast-csv';
import type { DeliveredRow, Delivery } from './bar.ts';
import { fingerprintOf, type Selection } from './selection.ts';
import { validateBars } from './validate-bars.ts';

const sampleSource = 'sample';

type SampleRow = DeliveredRow & { readonly tradingDay: string };

/**
 * The sample bars that come with npm packages, one delivery a trading day, in date order:
 * AAPL (1,260 days from 2013-05-13) and the S&P 500 index as SPX (2000 to 2020).
 * Values are the text of the files. Both are adjusted for splits; a column of prices adjusted for dividends is left out.
 */
export async function readSamples(selection: Selection = {}): Promise<Delivery[]> {
  const days = new Map<string, DeliveredRow[]>();
  for (const { tradingDay, ...row } of [
    ...(await readSample('AAPL', aaplPath())),
    ...(await readSample('SPX', spxPath())),
  ]) {
    if (selection.symbols && !selection.symbols.has(row.symbol)) continue;
    const rows = days.get(tradingDay) ?? [];
    rows.push({ ...row, position: rows.length + 1 });
    days.set(tradingDay, rows);
  }
  return [...days.keys()]
    .sort()
    .map((tradingDay) => toDelivery(tradingDay, days.get(tradingDay) ?? [], selection));
}

function toDelivery(tradingDay: string, rows: readonly DeliveredRow[], selection: Selection): Delivery {
  const content = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  return {
    source: sampleSource,
    tradingDay,
    adjusted: true,
    fingerprint: fingerprintOf(content, selection),
    ...(selection.symbols && { selection: [...selection.symbols] }),
    ...validateBars(rows, selection),
  };
}

async function readSample(symbol: string, path: string): Promise<SampleRow[]> {
  const text = await readFile(path, 'utf8');
  const rows: SampleRow[] = [];
  // One file writes `Date,Open,…`, the other `date,open,…`.
  const csv = parseString<Record<string, string>, Record<string, string>>(text, {
    headers: (names) => names.map((name) => name?.toLowerCase()),
  });
  for await (const line of csv as AsyncIterable<Record<string, string>>) {
    const { date = '', open = '', high = '', low = '', close = '', volume = '' } = line;
    rows.push({ position: rows.length + 1, tradingDay: date, symbol, open, high, low, close, volume });
  }
  return rows;
}

function aaplPath(): string {
  return createRequire(import.meta.url).resolve('@observablehq/sample-datasets/aapl.csv');
}

/** The package exports its module only, which lies beside its data. */
function spxPath(): string {
  const module = fileURLToPath(import.meta.resolve('vega-datasets'));
  return join(dirname(module), '..', 'data', 'sp500-2000.csv');
}
