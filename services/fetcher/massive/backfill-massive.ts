import { readFingerprints } from '../../../sql/queries/read-fingerprints.ts';
import { latestClosedSession, sessionsBetween } from '../../shared/calendar/sessions.ts';
import type { AvailableDay } from '../available-day.ts';
import { type BackfillDeps, type BackfillProgress, type BackfillReport, backfill } from '../backfill.ts';
import { prunedFingerprint } from '../ingest-day.ts';
import { NotYetError } from '../not-yet-error.ts';
import { endsBackfill } from './ends-backfill.ts';
import type { MassiveDeps } from './grouped-daily.ts';
import { groupedDays } from './grouped-days.ts';
import { massiveFingerprint, massiveSource } from './massive-source.ts';
import { type FailedSymbol, readSymbolDays, type SymbolDays } from './symbol-days.ts';
import { type TakenSplits, takeSplits } from './take-splits.ts';

export type MassiveBackfillRequest = {
  readonly from: string;
  /** Absent, or later than that: the newest session that has closed. */
  readonly to?: string | undefined;
  /** Absent: the whole market. */
  readonly symbols?: ReadonlySet<string> | undefined;
  readonly testTickers: ReadonlySet<string>;
  readonly prune?: boolean | undefined;
  readonly signal: AbortSignal;
  /** Told of calls for single symbols, which go before all days. */
  readonly onSymbol?: ((done: number) => void) | undefined;
  readonly onProgress?: ((progress: BackfillProgress) => void) | undefined;
};

export type MassiveBackfillReport = BackfillReport & {
  /** Only where symbols are asked one by one. */
  readonly failedSymbols: readonly FailedSymbol[];
  readonly splits: TakenSplits;
};

/** Of more, too many calls would be lost when the run is stopped: they are taken in when all have answered. */
const mostSymbols = 100;

/**
 * Takes in history: one call a session, or one a symbol where those are fewer calls. Sessions that were taken in before, for the
 * same symbols, are not asked for again. Splits go first, so that silver is computed once.
 * @throws {MassiveError} if symbols are asked one by one, and none can be: nothing was taken in then.
 */
export async function backfillMassive(
  deps: BackfillDeps & MassiveDeps,
  request: MassiveBackfillRequest,
): Promise<MassiveBackfillReport> {
  const { from, symbols, signal, onProgress } = request;
  const splits = await takeSplits(deps, { from, symbols }, signal);
  const { days, failed } = await findDays(deps, request);
  const report = await backfill(deps, {
    source: massiveSource,
    days,
    cause: 'backfill',
    endsRun: endsBackfill,
    prune: request.prune,
    signal,
    ...(onProgress && { onProgress }),
  });
  return { ...report, complete: report.complete && !signal.aborted, failedSymbols: failed, splits };
}

async function findDays(
  deps: BackfillDeps & MassiveDeps,
  request: MassiveBackfillRequest,
): Promise<SymbolDays> {
  const { symbols, testTickers, signal } = request;
  const selection = { ...(symbols && { symbols }), testTickers };
  const sessions = sessionsToAsk(request, deps.clock());
  const stored = await deps.db.repeat((client) => readFingerprints(client, massiveSource));
  const fingerprint = massiveFingerprint(selection);
  const known = [prunedFingerprint(fingerprint), ...(request.prune ? [] : [fingerprint])];
  const calls = sessions.filter((day) => !known.includes(stored.get(day) ?? '')).length;
  if (symbols === undefined || symbols.size > mostSymbols || symbols.size >= calls) {
    return { days: groupedDays(deps, sessions, selection), failed: [] };
  }
  const evenIfEmpty = request.prune ? sessions.filter((day) => stored.has(day)) : [];
  try {
    const { days, failed } = await readSymbolDays(deps, { ...request, sessions, symbols, evenIfEmpty });
    const there = new Set([...stored.keys(), ...days.map(({ tradingDay }) => tradingDay)]);
    const newest = latestClosedSession(deps.clock());
    const isLate = sessions.at(-1) === newest && !there.has(newest);
    return { days: isLate ? [...days, notYet(newest)] : days, failed };
  } catch (error) {
    if (signal.aborted) return { days: [], failed: [] };
    throw error;
  }
}

function notYet(tradingDay: string): AvailableDay {
  const words = `${tradingDay} is not published yet: none of the symbols has a bar of it`;
  return { tradingDay, read: () => Promise.reject(new NotYetError(words)) };
}

/** The sessions of the range that have closed. */
export function sessionsToAsk({ from, to }: { from: string; to?: string | undefined }, now: Date): string[] {
  const latest = latestClosedSession(now);
  return sessionsBetween(from, to === undefined || to > latest ? latest : to);
}
