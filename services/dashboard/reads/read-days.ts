import { readDeliveredDays } from '../../../sql/queries/read-delivered-days.ts';
import { readMarket } from '../../../sql/queries/read-market.ts';
import { readTradingDays } from '../../../sql/queries/read-status.ts';
import { firstYear } from '../../shared/calendar/sessions.ts';
import type { Client } from '../../shared/database.ts';
import type { Day } from '../api.ts';
import { ProblemError } from '../http/problem-error.ts';
import { daysOfRange } from './days-of-range.ts';

/** Some 40 years. */
const mostDays = 15_000;

/** @throws {ProblemError} 400 if the range is upside down, too long, or before the calendar begins. */
export async function readDays(
  client: Client,
  { from, through }: { readonly from: string; readonly through: string },
  now: Date,
): Promise<Day[]> {
  if (from > through) throw new ProblemError(400, `from is ${from}, which is after through, ${through}`);
  if (from < `${firstYear}-01-01`) {
    throw new ProblemError(400, `from is ${from}: the trading calendar begins in ${firstYear}`);
  }
  if ((Date.parse(through) - Date.parse(from)) / 86_400_000 >= mostDays) {
    throw new ProblemError(
      400,
      `from ${from} through ${through} is more than ${mostDays} days: ask for fewer`,
    );
  }
  const { firstDay } = await readMarket(client);
  const days = await readTradingDays(client);
  const [first, last] = [days.find((day) => firstDay !== null && day >= firstDay), days.at(-1)];
  return daysOfRange(
    {
      from,
      through,
      delivered: await readDeliveredDays(client, { from, through }),
      bounds: first !== undefined && last !== undefined ? { first, last } : null,
    },
    now,
  );
}
