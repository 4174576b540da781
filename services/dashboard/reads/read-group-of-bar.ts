import { readBars } from '../../../sql/queries/read-bars.ts';
import { readDailyBars } from '../../../sql/queries/read-daily-bars.ts';
import { readSplits } from '../../../sql/queries/read-splits.ts';
import { factorPeriods } from '../../resampler/split-factors.ts';
import type { Client } from '../../shared/database.ts';
import type { DailyBar } from '../api.ts';
import { ProblemError } from '../http/problem-error.ts';
import { type BarsRequest, knownSeries } from './read-bars-page.ts';

/**
 * The daily bars of the days that a bar spans, adjusted as it is. While a change of them is pending they may differ from the bar.
 * @throws {ProblemError} 400 if there is no such interval, 404 if there is no such bar.
 */
export async function readGroupOfBar(
  client: Client,
  { symbol, interval, start }: Pick<BarsRequest, 'symbol' | 'interval'> & { readonly start: string },
): Promise<DailyBar[]> {
  await knownSeries(client, { symbol, interval });
  const [bar] = await readBars(client, { symbol, days: interval, from: start, to: start });
  if (bar?.startDate !== start) {
    throw new ProblemError(
      404,
      `No ${interval}-day bar of ${symbol} starts on ${start}: read the bars again`,
    );
  }
  const adjustments = factorPeriods(await readSplits(client, [symbol]));
  const daily = await readDailyBars(client, { symbol, from: start, through: bar.endDate }, adjustments);
  return daily.map(({ date, ...values }) => ({ day: date, ...values }));
}
