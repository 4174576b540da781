import { latestClosedSession } from '../../shared/calendar/sessions.ts';
import type { Logger } from '../../shared/logger.ts';
import type { Delivery } from '../bar.ts';
import { NotYetError } from '../not-yet-error.ts';
import type { Selection } from '../selection.ts';
import { validateBars } from '../validate-bars.ts';
import { demandBars, readAggregates } from './aggregates.ts';
import { numberRows, toRow } from './bar-rows.ts';
import type { MassiveClient } from './massive-client.ts';
import { MassiveError } from './massive-error.ts';
import { massiveFingerprint, massiveSource } from './massive-source.ts';

export type MassiveDeps = {
  readonly client: MassiveClient;
  readonly clock: () => Date;
  readonly logger: Logger;
};

/**
 * One session of the whole market, in one call; with a selection of symbols, only their rows of it. The day of its rows is the
 * one that was asked for: their `t` is an instant after the close.
 * Source: https://massive.com/docs/rest/stocks/aggregates/daily-market-summary
 * @throws {NotYetError} if it is the newest session and not published yet.
 * @throws {MassiveError} also if the answer is empty: a session never is.
 */
export async function readGroupedDaily(
  { client, clock, logger }: MassiveDeps,
  { tradingDay, selection }: { tradingDay: string; selection: Selection },
  signal: AbortSignal,
): Promise<Delivery> {
  const url = client.url(`/v2/aggs/grouped/locale/us/market/stocks/${tradingDay}`, { adjusted: 'false' });
  const { records, adjusted } = await client
    .get(url, (body) => demandBars(url, readAggregates(url, body)), signal)
    .catch((error: unknown) => {
      throw isNotYet(error, tradingDay, clock()) ? notYet(tradingDay, error) : error;
    });
  if (adjusted) logger.warn({ tradingDay }, adjustedWords);
  const { symbols } = selection;
  const rows = numberRows(records.map((record) => toRow(record)));
  return {
    source: massiveSource,
    tradingDay,
    adjusted,
    fingerprint: massiveFingerprint(selection),
    ...(symbols && { selection: [...symbols] }),
    ...validateBars(symbols ? rows.filter((row) => symbols.has(row.symbol)) : rows, selection),
  };
}

export const adjustedWords =
  'The answer says that it is adjusted for splits, though that was not asked for: its bars are marked so, no split applies to them, and they go into no series that is not';

/** Of a session that is the newest, an empty answer and a plan that does not reach it mean that it comes later. */
function isNotYet(error: unknown, tradingDay: string, now: Date): error is MassiveError {
  if (!(error instanceof MassiveError)) return false;
  if (error.problem === 'too early') return true;
  const newest = tradingDay === latestClosedSession(now);
  return newest && (error.problem === 'empty' || error.problem === 'too old');
}

function notYet(tradingDay: string, cause: MassiveError): NotYetError {
  return new NotYetError(`${tradingDay} is not published yet: ${cause.message}`, { cause });
}
