import type { AvailableDay } from '../available-day.ts';
import { validateBars } from '../validate-bars.ts';
import { numberRows, type UnnumberedRow } from './bar-rows.ts';
import { readCustomBars } from './custom-bars.ts';
import { endsBackfill } from './ends-backfill.ts';
import { adjustedWords, type MassiveDeps } from './grouped-daily.ts';
import { MassiveError } from './massive-error.ts';
import { massiveFingerprint, massiveSource } from './massive-source.ts';

export type SymbolDaysRequest = {
  /** In date order, at least one. */
  readonly sessions: readonly string[];
  readonly symbols: ReadonlySet<string>;
  readonly testTickers: ReadonlySet<string>;
  /** Days to deliver also when no symbol has a bar on them, so that stored bars are found missing. */
  readonly evenIfEmpty: readonly string[];
  readonly signal: AbortSignal;
  /** Told after each symbol how many are done. */
  readonly onSymbol?: ((done: number) => void) | undefined;
};

export type SymbolDays = {
  /** In order. A day that no symbol has a bar of is none. */
  readonly days: readonly AvailableDay[];
  /** Symbols without bars, or with an answer that cannot be used: as if they were not asked for. */
  readonly failed: readonly FailedSymbol[];
};

export type FailedSymbol = { readonly symbol: string; readonly error: string };

/**
 * The days of a few symbols, in one call a symbol. They are held in memory: 100 symbols and 20 years are half a million rows.
 * @throws {MassiveError} if every further call would fail like it. When `signal` aborts: its reason.
 */
export async function readSymbolDays(deps: MassiveDeps, request: SymbolDaysRequest): Promise<SymbolDays> {
  const { sessions, symbols, testTickers, signal } = request;
  const rowsByDay = new Map<string, UnnumberedRow[]>(request.evenIfEmpty.map((day) => [day, []]));
  const failed: FailedSymbol[] = [];
  const adjusted = new Set<boolean>();
  const range = { from: sessions[0] ?? '', to: sessions.at(-1) ?? '' };
  for (const [index, symbol] of [...symbols].entries()) {
    try {
      const bars = await readShortened(deps, { symbol, range, sessions }, signal);
      adjusted.add(bars.adjusted);
      for (const { tradingDay, row } of bars.days) {
        const rows = rowsByDay.get(tradingDay);
        if (rows) rows.push(row);
        else rowsByDay.set(tradingDay, [row]);
      }
    } catch (error) {
      if (!(error instanceof MassiveError) || endsBackfill(error)) throw error;
      deps.logger.error({ symbol, reason: error.message }, 'symbol failed and is left out');
      failed.push({ symbol, error: error.message });
    }
    request.onSymbol?.(index + 1);
  }
  if (adjusted.has(true)) deps.logger.warn({ symbols: [...symbols] }, adjustedWords);
  if (adjusted.size > 1)
    throw new Error('Some symbols came adjusted for splits and some not: nothing was used');
  const unusable = new Set(failed.map(({ symbol }) => symbol));
  const selection = {
    symbols: new Set([...symbols].filter((symbol) => !unusable.has(symbol))),
    testTickers,
  };
  const about = { selection, fingerprint: massiveFingerprint(selection), adjusted: adjusted.has(true) };
  const days = [...rowsByDay].map(([tradingDay, rows]) => toDay(tradingDay, rows, about));
  return { days: days.sort((a, b) => (a.tradingDay < b.tradingDay ? -1 : 1)), failed };
}

type Range = { readonly from: string; to: string };

/** A plan that publishes later refuses a range for its newest session: from then on it ends a session before. */
async function readShortened(
  { client }: MassiveDeps,
  { symbol, range, sessions }: { symbol: string; range: Range; sessions: readonly string[] },
  signal: AbortSignal,
) {
  try {
    return await readCustomBars(client, { symbol, ...range }, signal);
  } catch (error) {
    const before = sessions.at(-2);
    const tooEarly = error instanceof MassiveError && error.problem === 'too early';
    if (!tooEarly || before === undefined || range.to === before) throw error;
    range.to = before;
    return await readCustomBars(client, { symbol, ...range }, signal);
  }
}

function toDay(
  tradingDay: string,
  rows: readonly UnnumberedRow[],
  about: {
    readonly selection: { readonly symbols: ReadonlySet<string>; readonly testTickers: ReadonlySet<string> };
    readonly fingerprint: string;
    readonly adjusted: boolean;
  },
): AvailableDay {
  const { selection, fingerprint, adjusted } = about;
  return {
    tradingDay,
    fingerprint: () => Promise.resolve(fingerprint),
    read: () =>
      Promise.resolve({
        source: massiveSource,
        tradingDay,
        adjusted,
        fingerprint,
        selection: [...selection.symbols],
        ...validateBars(numberRows(rows), selection),
      }),
  };
}
