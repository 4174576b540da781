import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newYorkInstant } from '../../../services/shared/calendar/new-york.ts';
import { dailyBars } from './made-up-bars.ts';

type Row = { readonly day: string; readonly line: string };

/** Writes day files: the last days of AAPL as the sample has them, and symbols whose walk is made up. */
export async function writeMarket(
  path: string,
  count: number,
  symbols: readonly string[],
): Promise<string[]> {
  const apple = (await appleRows()).slice(-count);
  const days = apple.map(({ day }) => day);
  await mkdir(path, { recursive: true });
  const walks = symbols.map((symbol, seed) => ({ symbol, bars: dailyBars(seed + 3, count) }));
  for (const [at, { day, line }] of apple.entries()) {
    const stamp = stampOf(day);
    const rows = walks.map(({ symbol, bars }) => {
      const { open, high, low, close, volume } = bars[at]!;
      return `${symbol},${volume},${open},${close},${high},${low},${stamp},1`;
    });
    await writeDay(path, day, [line, ...rows]);
  }
  return days;
}

/** Writes the file of one more day, with one symbol. */
export async function writeDay(path: string, day: string, rows: readonly string[]): Promise<void> {
  const header = 'ticker,volume,open,close,high,low,window_start,transactions';
  await writeFile(join(path, `${day}.csv`), [header, ...rows, ''].join('\n'));
}

export function stampOf(day: string): string {
  return String(BigInt(newYorkInstant(day, '00:00').getTime()) * 1_000_000n);
}

async function appleRows(): Promise<Row[]> {
  const path = fileURLToPath(
    new URL('../../../node_modules/@observablehq/sample-datasets/aapl.csv', import.meta.url),
  );
  const text = await readFile(path, 'utf8');
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => {
      const [day = '', open, high, low, close, , volume] = row.trim().split(',');
      return { day, line: `AAPL,${volume},${open},${close},${high},${low},${stampOf(day)},1` };
    });
}
