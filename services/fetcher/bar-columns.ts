import type { BarColumns } from '../../sql/queries/insert-bars.ts';
import type { Bar } from './bar.ts';

/** Bars by column, as PostgreSQL array literals. Quotes keep NULL a ticker; valid symbols and decimals need no escapes. */
export function toBarColumns(bars: readonly Bar[]): BarColumns {
  return {
    symbols: symbolsLiteral(bars),
    open: `{${bars.map((bar) => bar.open).join(',')}}`,
    high: `{${bars.map((bar) => bar.high).join(',')}}`,
    low: `{${bars.map((bar) => bar.low).join(',')}}`,
    close: `{${bars.map((bar) => bar.close).join(',')}}`,
    volume: `{${bars.map((bar) => bar.volume).join(',')}}`,
  };
}

export function symbolsLiteral(bars: readonly { readonly symbol: string }[]): string {
  return bars.length === 0 ? '{}' : `{"${bars.map((bar) => bar.symbol).join('","')}"}`;
}

/** Bars as the lines of a COPY in text format; there, NULL is a ticker too: null would be \N. */
export function toCopyLines(bars: readonly Bar[], tradingDay: string): string {
  let lines = '';
  for (const { symbol, open, high, low, close, volume } of bars) {
    lines += `${symbol}\t${tradingDay}\t${open}\t${high}\t${low}\t${close}\t${volume}\n`;
  }
  return lines;
}
