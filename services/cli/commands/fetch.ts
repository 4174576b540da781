import type { MassiveDeps } from '../../fetcher/massive/grouped-daily.ts';
import {
  isWholeNight,
  type NightlyReport,
  type NightlyRequest,
  runNightly,
} from '../../fetcher/nightly/run-nightly.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import { counted, formatCount } from '../format.ts';
import { sayHandedOver } from '../hand-over.ts';
import type { Output } from '../output.ts';
import { progressBar } from '../progress.ts';
import { sayAbsent } from './say-absent.ts';
import { saySplits } from './say-splits.ts';
import { type ChangeDeps, stoppedEarly } from './work-in.ts';

/** Takes a night in and, in a pipeline of its own, waits until silver knows. A failure is an exit code of 1, "not yet" is 0. */
export async function fetchNight(
  deps: ChangeDeps & MassiveDeps,
  request: Omit<NightlyRequest, 'signal' | 'onProgress'>,
): Promise<number> {
  const { place, output, signal } = deps;
  const progress = progressBar(output, 'bronze', 'sessions');
  const night = await runNightly(
    { ...deps, db: place.db, publish: () => place.publish() },
    { ...request, signal, onProgress: ({ done, total }) => progress.update(done, total) },
  ).finally(progress.stop);
  if (place.own) await place.settle();
  const code = reportNight(output, { ...night, complete: night.complete && !signal.aborted });
  if (!place.own && night.barsWritten > 0) sayHandedOver(output);
  return code;
}

/** Says what came of a night, and returns the exit code. */
export function reportNight(output: Output, report: NightlyReport): number {
  output.document(report);
  sayNight(output, report);
  return isWholeNight(report) ? exitCodes.done : exitCodes.failed;
}

function sayNight(output: Output, report: NightlyReport): void {
  const { noSession, sessions, gaps, notYet, failed, splits } = report;
  if (noSession !== null && splits === null) {
    const missing = report.tradingDay === null ? '' : ', and nothing is missing';
    output.say(`${noSession} is no session of the New York Stock Exchange${missing}: nothing to fetch`);
    return;
  }
  for (const { reason } of notYet) output.say(`${reason}; a later run takes it`);
  for (const { tradingDay, error } of failed) output.say(`${tradingDay} failed: ${error}`);
  if (splits === null) return;
  output.say(
    `${counted(sessions.length, 'session')} taken in${sessions.length > 0 ? `, the last ${sessions.at(-1)}` : ''}${gaps.length > 0 ? `; ${counted(gaps.length, 'was a gap', 'were gaps')}` : ''}`,
  );
  output.say(
    `${counted(report.inserted, 'bar')} inserted, ${formatCount(report.corrected)} corrected, ${formatCount(report.unchanged)} unchanged, ${formatCount(report.quarantined)} in quarantine`,
  );
  sayAbsent(output, report.absentSymbols);
  if (report.missing > 0)
    output.say(`${counted(report.missing, 'stored bar is', 'stored bars are')} not in the answers`);
  saySplits(output, splits);
  if (!report.complete) output.say(stoppedEarly);
}
