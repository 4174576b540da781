import { UsageError } from '../shared/exit-code.ts';

export type FetchSettings = {
  /** How far back a night looks for gaps and splits, in calendar days. */
  readonly lookbackDays: number;
  /** Symbols that are no stocks, such as ZVZZT, on which exchanges try their systems. */
  readonly testTickers: ReadonlySet<string>;
};

/**
 * Reads FIBONACCI_LOOKBACK_DAYS, 300 by default, and FIBBARS_TEST_TICKERS, none by default.
 * @throws {UsageError} naming the variable, what it held and what it takes.
 */
export function readFetchSettings(env: Readonly<Record<string, string | undefined>>): FetchSettings {
  const lookback = env['FIBONACCI_LOOKBACK_DAYS'] || '300';
  const lookbackDays = Number(lookback);
  if (!/^\d+$/.test(lookback) || lookbackDays < 1 || lookbackDays > 36_600) {
    throw new UsageError(
      `FIBONACCI_LOOKBACK_DAYS is ${JSON.stringify(lookback)}: it takes a whole number of calendar days from 1 up`,
    );
  }
  const tickers = env['FIBBARS_TEST_TICKERS'] || '';
  const testTickers = new Set(tickers.split(/[\s,]+/).filter(Boolean));
  for (const ticker of testTickers) {
    if (/^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$/.test(ticker)) continue;
    throw new UsageError(
      `FIBBARS_TEST_TICKERS is ${JSON.stringify(tickers)}: it takes symbols such as ZVZZT,ZWZZT`,
    );
  }
  return { lookbackDays, testTickers };
}
