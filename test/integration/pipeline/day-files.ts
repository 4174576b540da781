import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newYorkInstant } from '../../../services/shared/calendar/new-york.ts';
import { sessionsBetween } from '../../../services/shared/calendar/sessions.ts';

export type DayFiles = {
  readonly path: string;
  /** Trading days, in order. */
  readonly days: readonly string[];
};

/** Writes day aggregates of the sessions from `from` on, as Massive names and fills them. */
export async function writeDayFiles(
  path: string,
  { days: count, symbols, from = '2016-01-04' }: { days: number; symbols: readonly string[]; from?: string },
): Promise<DayFiles> {
  await mkdir(path, { recursive: true });
  const days = sessionsBetween(from, '2020-12-31').slice(0, count);
  for (const [at, day] of days.entries()) {
    await writeFile(join(path, `${day}.csv`), contentOf(day, at, symbols));
  }
  return { path, days };
}

/** AAPL, S001, S002 and so on. */
export function symbolNames(count: number): string[] {
  return Array.from({ length: count }, (_, at) => (at === 0 ? 'AAPL' : `S${String(at).padStart(3, '0')}`));
}

/** The rows of a day. @param at moves all prices: as a rule its number. */
export function contentOf(day: string, at: number, symbols: readonly string[]): string {
  const stamp = BigInt(newYorkInstant(day, '00:00').getTime()) * 1_000_000n;
  const rows = symbols.map((symbol, index) => {
    // Prices that rise and fall, so that no two groups are alike.
    const open = 100 + index + ((at * 37 + index * 11) % 23);
    const close = 100 + index + ((at * 41 + index * 7) % 29);
    const [high, low] = [Math.max(open, close) + (at % 5), Math.min(open, close) - (at % 7) - 0.25];
    return `${symbol},${1_000 + at * 10 + index},${open},${close},${high},${low},${stamp},1`;
  });
  return ['ticker,volume,open,close,high,low,window_start,transactions', ...rows, ''].join('\n');
}
