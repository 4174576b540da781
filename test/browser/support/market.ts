import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newYorkInstant } from '../../../services/shared/calendar/new-york.ts';
import { dailyBars } from './made-up-bars.ts';

type Row = { readonly day: string; readonly line: string };

export type Market = {
  /** Day files to begin with. */
  readonly first: string;
  /** What comes later: a day of before, and one of the first again with another value. */
  readonly later: string;
  /** How many days the first has; one more is in no file. */
  readonly days: number;
  readonly lateDay: string;
  readonly restatedDay: string;
  readonly missingDay: string;
};

/** Writes day files: the last days of AAPL as the sample has them, and symbols whose walk is made up. */
export async function writeMarket(folder: string, days: number, symbols: readonly string[]): Promise<Market> {
  const [first, later] = [join(folder, 'first'), join(folder, 'later')];
  await mkdir(first, { recursive: true });
  await mkdir(later);
  const apple = (await appleRows()).slice(-days - 2);
  const dayBefore = (end: number): string => apple.at(-end)?.day ?? '';
  const [missingDay, restatedDay, lateDay] = [dayBefore(60), dayBefore(37), dayBefore(26)];
  const walks = symbols.map((symbol, seed) => ({ symbol, bars: dailyBars(seed + 3, apple.length) }));
  for (const [at, { day, line }] of apple.entries()) {
    if (day === missingDay) continue;
    const rows = walks.map(({ symbol, bars }) => {
      const { open, high, low, close, volume } = bars[at]!;
      return `${symbol},${volume},${open},${close},${high},${low},${stampOf(day)},1`;
    });
    if (day !== lateDay) await writeDay(first, day, [line, ...rows]);
    if (day === lateDay) await writeDay(later, day, [line, ...rows]);
    if (day === restatedDay)
      await writeDay(later, day, [line.replace(/^AAPL,\d+/, 'AAPL,11111111'), ...rows]);
  }
  return { first, later, days, lateDay, restatedDay, missingDay };
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
