import { readTradingDays } from '../../../sql/queries/read-status.ts';
import { addDays } from '../../shared/calendar/day.ts';
import { newYorkDay } from '../../shared/calendar/new-york.ts';
import { type BackfillDeps, type BackfillProgress, type BackfillReport, backfill } from '../backfill.ts';
import { endsBackfill } from '../massive/ends-backfill.ts';
import type { MassiveDeps } from '../massive/grouped-daily.ts';
import { groupedDays } from '../massive/grouped-days.ts';
import { MassiveError } from '../massive/massive-error.ts';
import { massiveSource } from '../massive/massive-source.ts';
import { type TakenSplits, takeSplits } from '../massive/take-splits.ts';
import { planNightly, planOneDay } from './plan-nightly.ts';

export type NightlyRequest = {
  /** Absent: the latest closed session, and what is missing before it. */
  readonly day?: string | undefined;
  /** Calendar days. */
  readonly lookbackDays: number;
  readonly testTickers: ReadonlySet<string>;
  /** Absent: the whole market. */
  readonly symbols?: ReadonlySet<string> | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: BackfillProgress) => void) | undefined;
};

type Counts = Pick<
  BackfillReport,
  | 'inserted'
  | 'corrected'
  | 'unchanged'
  | 'missing'
  | 'quarantined'
  | 'quarantinedByReason'
  | 'absentSymbols'
  | 'failed'
>;

export type NightlyReport = Counts & {
  /** The newest session to take: the one asked for, or the latest closed one; null when the day asked for has none. */
  readonly tradingDay: string | null;
  /** The day that has no session, for which there is nothing to fetch; null on an ordinary day. */
  readonly noSession: string | null;
  /** Sessions before it that were missing, and were asked for. */
  readonly gaps: readonly string[];
  /** Sessions taken in, in date order, also those that brought nothing new. */
  readonly sessions: readonly string[];
  /** Bars inserted or corrected. */
  readonly barsWritten: number;
  /** Sessions that are not published yet: the next run takes them. */
  readonly notYet: BackfillReport['notYet'];
  /** null: not asked for, since there was nothing else to ask. */
  readonly splits: TakenSplits | null;
  /** null: nothing was asked for. */
  readonly correlationId: string | null;
  /** False when it ended before the last session. */
  readonly complete: boolean;
};

/** What a night is to ask, whoever decided it. */
type Work = Pick<NightlyReport, 'tradingDay' | 'noSession' | 'gaps' | 'notYet'> & {
  readonly days: readonly string[];
  /** Those among the days that were taken in before. */
  readonly again: readonly string[];
};

/**
 * The nightly run: new splits, the latest closed session, the gaps before it, and the newest stored sessions again, of which only
 * what changed is written. A session that is not published yet is no failure: the next run finds it as a gap.
 */
export async function runNightly(
  deps: BackfillDeps & MassiveDeps,
  request: NightlyRequest,
): Promise<NightlyReport> {
  const { signal, testTickers, symbols, onProgress } = request;
  const inVain = request.day === undefined ? null : nothingToAsk(request.day, deps.clock());
  if (inVain !== null) return inVain;
  const { days, again, ...work } = await plan(deps, request);
  const oldest = days[0];
  if (oldest === undefined) return { ...nothing, ...work };
  const earliest = addDays(newYorkDay(deps.clock()), -request.lookbackDays);
  const splits = await takeSplits(deps, { from: oldest < earliest ? oldest : earliest, symbols }, signal);
  let done = 0;
  const report = await backfill(deps, {
    source: massiveSource,
    // Without a fingerprint a day is asked for even if it is known.
    days: groupedDays(deps, days, { testTickers, ...(symbols && { symbols }) }).map(
      ({ tradingDay, read }) => ({ tradingDay, read }),
    ),
    cause: (day) => (again.includes(day) ? 'correction' : 'live'),
    endsRun: endsNight,
    signal,
    onProgress(progress) {
      done = progress.done;
      onProgress?.(progress);
    },
  });
  const left = new Set([...report.failed, ...report.notYet].map(({ tradingDay }) => tradingDay));
  const { inserted, corrected } = report;
  return {
    ...work,
    sessions: days.slice(0, done).filter((day) => !left.has(day)),
    barsWritten: inserted + corrected,
    inserted,
    corrected,
    unchanged: report.unchanged,
    missing: report.missing,
    quarantined: report.quarantined,
    quarantinedByReason: report.quarantinedByReason,
    notYet: report.notYet,
    absentSymbols: report.absentSymbols,
    failed: report.failed,
    splits,
    correlationId: report.correlationId,
    complete: report.complete,
  };
}

/** Whether nothing failed. A session that is not published yet is no failure. */
export function isWholeNight({ failed, complete, splits }: NightlyReport): boolean {
  return complete && failed.length === 0 && (splits === null || splits.error === null);
}

const nothing: Omit<NightlyReport, 'tradingDay' | 'noSession' | 'gaps' | 'notYet'> = {
  sessions: [],
  barsWritten: 0,
  inserted: 0,
  corrected: 0,
  unchanged: 0,
  missing: 0,
  quarantined: 0,
  quarantinedByReason: {},
  absentSymbols: [],
  failed: [],
  splits: null,
  correlationId: null,
  complete: true,
};

async function plan(
  { db, clock }: BackfillDeps & MassiveDeps,
  { day, lookbackDays }: NightlyRequest,
): Promise<Work> {
  const stored = new Set(await db.repeat(readTradingDays));
  if (day === undefined) {
    const { latest, closedToday, gaps, again, days } = planNightly({ stored, now: clock(), lookbackDays });
    return { tradingDay: latest, noSession: closedToday, gaps, notYet: [], days, again };
  }
  const again = stored.has(day) ? [day] : [];
  return { tradingDay: day, noSession: null, gaps: [], notYet: [], days: [day], again };
}

/** The report on a day for which nothing can be asked, whatever is stored: it has no session, or that has not closed; else null. */
export function nothingToAsk(day: string, now: Date): NightlyReport | null {
  const one = planOneDay(day, now);
  if ('day' in one) return null;
  const none = { ...nothing, tradingDay: null, noSession: null, gaps: [], notYet: [] };
  if ('noSession' in one) return { ...none, ...one };
  const reason = `${day} is not published yet: its session has not closed`;
  return { ...none, tradingDay: day, notYet: [{ tradingDay: day, reason }] };
}

/** One gap that is too old for the plan must not keep the newest session out, night after night. */
function endsNight(error: unknown): boolean {
  return endsBackfill(error) && !(error instanceof MassiveError && error.problem === 'too old');
}
