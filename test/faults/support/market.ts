import type { AvailableDay } from '../../../services/fetcher/available-day.ts';
import type { Delivery } from '../../../services/fetcher/bar.ts';
import { validateBars } from '../../../services/fetcher/validate-bars.ts';
import { sessionsBetween } from '../../../services/shared/calendar/sessions.ts';

export const source = 'flatfiles';
export const sessions = sessionsBetween('2016-01-04', '2016-12-30');
/** Tickers that are told apart by case alone, and one that looks like a value. */
export const symbols = ['AAPL', 'CPS', 'CpS', 'NULL'];
/** So many that their bars are written by COPY. */
export const newcomers = Array.from({ length: 110 }, (_, at) => `N${String(at).padStart(3, '0')}`);

export type DayOptions = {
  readonly symbols?: readonly string[];
  /** Moves all prices, for a correction. */
  readonly seed?: number;
  /** Rows that are no bars. */
  readonly garbage?: boolean;
};

/** What a source says of a session, given by its number: prices follow from session, symbol and seed. */
export function deliveryOf(
  number: number,
  { symbols: some = symbols, seed = 0, garbage = false }: DayOptions = {},
): Delivery {
  const tradingDay = sessions[number] ?? '';
  const rows = some.map((symbol, at) => {
    const open = 100 + at + ((number * 37 + at * 11 + seed) % 23);
    const close = 100 + at + ((number * 41 + at * 7 + seed) % 29);
    const high = Math.max(open, close) + (number % 5);
    const low = Math.min(open, close) - (number % 7) - 0.25;
    return {
      position: at + 1,
      symbol,
      open: String(open),
      high: String(high),
      low: String(low),
      close: String(close),
      volume: String(1_000 + number * 10 + at + seed),
    };
  });
  const bad = { symbol: 'ZZ', open: '1', high: '1', low: '2', close: '1', volume: '1' };
  if (garbage) rows.push({ position: rows.length + 1, ...bad });
  const fingerprint = `${tradingDay} ${some.length} ${seed} ${garbage}`;
  return { source, tradingDay, adjusted: false, fingerprint, ...validateBars(rows) };
}

export function availableDay(number: number, options: DayOptions = {}): AvailableDay {
  const delivery = deliveryOf(number, options);
  return {
    tradingDay: delivery.tradingDay,
    fingerprint: () => Promise.resolve(delivery.fingerprint),
    read: () => Promise.resolve(delivery),
  };
}
