import type { SilverRow } from '../../sql/queries/write-silver.ts';

/** One line for one completed bar. */
export function formatBar(bar: SilverRow, days: number): string {
  const { symbol, startDate, endDate, open, high, low, close, volume } = bar;
  return `completed ${symbol} ${days}d ${startDate} … ${endDate} open ${open} high ${high} low ${low} close ${close} volume ${volume}`;
}
