import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDay } from '../shared/calendar/day.ts';

export type DayFile = { readonly tradingDay: string; readonly path: string };

export class TwoFilesOfOneDayError extends Error {
  override name = 'TwoFilesOfOneDayError';
  constructor(tradingDay: string, one: string, other: string) {
    super(`Two files of ${tradingDay}: ${one} and ${other}. Remove the one that is not meant`);
  }
}

/**
 * Finds the files named `YYYY-MM-DD.csv.gz` or `YYYY-MM-DD.csv` at any depth below a folder, in date order.
 * Without `from` or `to` there is no bound; both are included.
 * @throws {TwoFilesOfOneDayError} naming both.
 */
export async function findDayFiles(
  folder: string,
  { from = '0000-00-00', to = '9999-99-99' }: { readonly from?: string; readonly to?: string } = {},
): Promise<DayFile[]> {
  const found = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const tradingDay = /^(\d{4}-\d{2}-\d{2})\.csv(?:\.gz)?$/.exec(entry.name)?.[1];
    if (!tradingDay || !isDay(tradingDay) || tradingDay < from || tradingDay > to) continue;
    const path = join(entry.parentPath, entry.name);
    const other = found.get(tradingDay);
    if (other !== undefined) throw new TwoFilesOfOneDayError(tradingDay, ...inOrder(other, path));
    found.set(tradingDay, path);
  }
  return [...found]
    .map(([tradingDay, path]) => ({ tradingDay, path }))
    .sort((a, b) => (a.tradingDay < b.tradingDay ? -1 : 1));
}

function inOrder(a: string, b: string): [string, string] {
  return a < b ? [a, b] : [b, a];
}
