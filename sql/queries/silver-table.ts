/** The table of an interval, safe to put into a statement. */
export function silverTable(days: number): string {
  if (!Number.isSafeInteger(days) || days < 2) {
    throw new RangeError(`an interval is a whole number of days from 2 up, not ${days}`);
  }
  return `public.silver_${days}d`;
}

export const silverColumns = 'symbol, start_date, end_date, open, high, low, close, volume, bar_count';
