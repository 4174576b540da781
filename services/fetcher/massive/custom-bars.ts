import { newYorkDay } from '../../shared/calendar/new-york.ts';
import { demandBars, readAggregates } from './aggregates.ts';
import { toRow, type UnnumberedRow } from './bar-rows.ts';
import { isJsonObject, numberText } from './lossless-json.ts';
import type { MassiveClient } from './massive-client.ts';
import { MassiveError } from './massive-error.ts';
import { readPages } from './read-pages.ts';

export type SymbolRange = { readonly symbol: string; readonly from: string; readonly to: string };

export type SymbolBars = {
  readonly days: readonly { readonly tradingDay: string; readonly row: UnnumberedRow }[];
  readonly adjusted: boolean;
};

/** The most that the API gives at once: 200 years of days. */
const limit = '50000';

/**
 * All daily bars of one symbol from `from` to `to`. A bar's day is that of its `t`, the day's start in New York.
 * Source: https://massive.com/docs/rest/stocks/aggregates/custom-bars
 * @throws {MassiveError} also if there are none, or one is of a day that was not asked for.
 */
export async function readCustomBars(
  client: MassiveClient,
  { symbol, from, to }: SymbolRange,
  signal: AbortSignal,
): Promise<SymbolBars> {
  const path = `/v2/aggs/ticker/${encodeURIComponent(symbol)}/range/1/day/${from}/${to}`;
  const first = client.url(path, { adjusted: 'false', limit });
  const pages = await readPages(
    client,
    first,
    (url, body) => {
      const page = readAggregates(url, body);
      return url === first ? demandBars(url, page) : page;
    },
    signal,
  );
  const records = pages.flatMap((page) => page.records);
  const days = records.map((record, index) => {
    const tradingDay = dayOf(record);
    if (tradingDay === null || tradingDay < from || tradingDay > to) {
      const found = `bar ${index + 1} is of ${tradingDay ?? 'no day'}, outside ${from} to ${to}`;
      throw new MassiveError({ problem: 'bad answer', url: first, found });
    }
    return { tradingDay, row: toRow(record, symbol) };
  });
  return { days, adjusted: pages.some((page) => page.adjusted) };
}

function dayOf(record: unknown): string | null {
  const ms = Number(isJsonObject(record) ? numberText(record['t']) : undefined);
  return Number.isSafeInteger(ms) && ms > 0 && ms < 1e14 ? newYorkDay(new Date(ms)) : null;
}
