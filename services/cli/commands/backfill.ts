import type { AvailableDay } from '../../fetcher/available-day.ts';
import { type BackfillReport, backfill as backfillDays } from '../../fetcher/backfill.ts';
import type { Database } from '../../shared/database.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import type { Logger } from '../../shared/logger.ts';
import { counted, formatCount } from '../format.ts';
import type { Output } from '../output.ts';
import { progressBar } from '../progress.ts';
import { sayAbsent } from './say-absent.ts';

export type BackfillDeps = {
  readonly db: Database;
  readonly output: Output;
  readonly logger: Logger;
  readonly publish: () => Promise<unknown>;
  readonly signal: AbortSignal;
};

export type BackfillRequest = {
  readonly source: string;
  readonly days: readonly AvailableDay[];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly prune?: boolean | undefined;
  /** Days read ahead of the one that is written. */
  readonly readAhead?: number | undefined;
};

/** Takes the days in. */
export async function runBackfill(deps: BackfillDeps, request: BackfillRequest): Promise<BackfillReport> {
  const progress = progressBar(deps.output, 'bronze', 'days');
  return await backfillDays(
    { db: deps.db, logger: deps.logger, publish: deps.publish },
    {
      ...request,
      cause: 'backfill',
      signal: deps.signal,
      onProgress: ({ done, total }) => progress.update(done, total),
    },
  ).finally(progress.stop);
}

/** Says what came of it. A day that failed is an exit code of 1; a session without a file is not. */
export function reportBackfill(output: Output, report: BackfillReport): number {
  output.document(report);
  sayBackfill(output, report, { source: 'the files', noBars: ['has no file', 'have no file'] });
  return report.failed.length === 0 && report.complete ? exitCodes.done : exitCodes.failed;
}

/** What the source is called, and what is said of sessions that it lacks. */
export type SourceWords = { readonly source: string; readonly noBars: readonly [one: string, many: string] };

export function sayBackfill(output: Output, report: BackfillReport, { source, noBars }: SourceWords): void {
  for (const { reason } of report.notYet) output.say(reason);
  for (const { tradingDay, error } of report.failed) output.say(`${tradingDay} failed: ${error}`);
  output.say(
    `${counted(report.ingested, 'trading day')} taken in, ${counted(report.skipped, 'was', 'were')} in already${report.failed.length > 0 ? `, ${report.failed.length} failed` : ''}`,
  );
  output.say(
    `${counted(report.received, 'row')}: ${counted(report.inserted, 'bar')} inserted, ${formatCount(report.corrected)} corrected, ${formatCount(report.unchanged)} unchanged, ${formatCount(report.quarantined)} in quarantine`,
  );
  for (const [reason, count] of Object.entries(report.quarantinedByReason)) {
    output.say(`  ${reason}: ${formatCount(count)}`);
  }
  sayAbsent(output, report.absentSymbols);
  if (report.deleted > 0) output.say(`${counted(report.deleted, 'bar')} deleted that ${source} lack`);
  if (report.missing > report.deleted) {
    output.say(
      `${counted(report.missing - report.deleted, 'stored bar is', 'stored bars are')} not in ${source}: --prune deletes them`,
    );
  }
  if (report.noSessions.length > 0) {
    output.say(
      `${counted(report.noSessions.length, 'of the days is no session', 'of the days are no sessions')} of the New York Stock Exchange, check them: ${report.noSessions.slice(0, 10).join(', ')}${report.noSessions.length > 10 ? ', …' : ''}`,
    );
  }
  if (report.missingDays.length > 0) {
    output.say(
      `${counted(report.missingDays.length, `session ${noBars[0]}`, `sessions ${noBars[1]}`)}: ${report.missingDays.slice(0, 10).join(', ')}${report.missingDays.length > 10 ? ', …' : ''}`,
    );
  }
  if (!report.complete) output.say('Stopped before the end: the same command goes on from here');
}
