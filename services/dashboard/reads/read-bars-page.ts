import { listSplits } from '../../../sql/queries/list-splits.ts';
import { readBars } from '../../../sql/queries/read-bars.ts';
import { readDailyBars } from '../../../sql/queries/read-daily-bars.ts';
import { readIntervals } from '../../../sql/queries/read-intervals.ts';
import { readSeries, type Series } from '../../../sql/queries/read-series.ts';
import { readSplits } from '../../../sql/queries/read-splits.ts';
import { factorPeriods } from '../../resampler/split-factors.ts';
import { addDays } from '../../shared/calendar/day.ts';
import type { Client } from '../../shared/database.ts';
import type { Bar, Bars } from '../api.ts';
import { ProblemError } from '../http/problem-error.ts';

export type BarsRequest = {
  readonly symbol: string;
  /** Days of the interval; 1: the daily bars, adjusted for splits as silver is. */
  readonly interval: number;
  /** Bars that start before this day. */
  readonly before?: string | undefined;
  /** The last ones, if there are more. */
  readonly limit?: number | undefined;
};

/** @throws {ProblemError} 400 if there is no such interval, 404 if nothing is stored for the symbol. */
export async function readBarsPage(
  client: Client,
  request: BarsRequest & { readonly limit: number },
): Promise<Bars> {
  const { symbol, interval, limit } = request;
  const series = await knownSeries(client, request);
  // One more than asked for tells whether there are more.
  const bars = await readStretch(client, { ...request, limit: limit + 1 });
  const splits = await listSplits(client, symbol);
  return {
    symbol,
    interval,
    bars: bars.slice(-limit),
    more: bars.length > limit,
    splits: splits.map(({ exDate, splitFrom, splitTo }) => ({ exDay: exDate, from: splitFrom, to: splitTo })),
    adjusted: series.adjusted,
  };
}

/** @throws {ProblemError} likewise */
export async function readAllBars(client: Client, request: BarsRequest): Promise<Bar[]> {
  await knownSeries(client, request);
  return await readStretch(client, request);
}

/** @throws {ProblemError} likewise */
export async function knownSeries(
  client: Client,
  { symbol, interval }: Pick<BarsRequest, 'symbol' | 'interval'>,
): Promise<Series> {
  const intervals = [1, ...(await readIntervals(client))];
  if (!intervals.includes(interval)) {
    throw new ProblemError(400, `There are no bars of ${interval} days: choose ${intervals.join(', ')}`);
  }
  const series = await readSeries(client, symbol);
  if (series) return series;
  throw new ProblemError(
    404,
    `Nothing is stored for ${JSON.stringify(symbol)}. Symbols are case-sensitive; search for it without its last letters`,
  );
}

async function readStretch(client: Client, { symbol, interval, before, limit }: BarsRequest): Promise<Bar[]> {
  const through = before === undefined ? undefined : addDays(before, -1);
  if (interval === 1) {
    const adjustments = factorPeriods(await readSplits(client, [symbol]));
    const daily = await readDailyBars(client, { symbol, through, limit }, adjustments);
    return daily.map(({ date, ...values }) => ({ start: date, end: date, ...values, count: 1 }));
  }
  const rows = await readBars(client, { symbol, days: interval, to: through, limit });
  return rows.map(({ symbol: _symbol, startDate, endDate, barCount, ...values }) => ({
    start: startDate,
    end: endDate,
    ...values,
    count: barCount,
  }));
}
