import { availableParallelism } from 'node:os';
import { countOverdue } from '../../sql/queries/count-overdue.ts';
import { readTradingDays } from '../../sql/queries/read-status.ts';
import { exitCodes } from '../shared/exit-code.ts';
import type { Measured } from '../shared/metrics.ts';
import { costOf } from '../shared/task-price.ts';
import { type BackfillDeps, backfill } from './backfill.ts';
import type { DayFilesConfig, FetcherConfig, NightConfig } from './config.ts';
import { withDayFileReader } from './day-file-readers.ts';
import { dayFilesAt } from './day-files-at.ts';
import { flatFileSource } from './flat-file.ts';
import { createMassiveClient } from './massive/massive-client.ts';
import { overdueSessions } from './nightly/overdue-sessions.ts';
import { isWholeNight, runNightly } from './nightly/run-nightly.ts';

export type FetcherDeps = BackfillDeps & {
  readonly clock: () => Date;
  readonly signal: AbortSignal;
};

/** Takes in what the configuration says and returns the exit code. */
export async function runFetcher(
  deps: FetcherDeps,
  config: (NightConfig | DayFilesConfig) & Partial<Pick<FetcherConfig, 'taskPrice'>>,
): Promise<number> {
  // What a killed run left unpublished.
  await deps.publish();
  return 'path' in config ? await takeDayFiles(deps, config) : await takeNight(deps, config);
}

/** 1 if a day failed or the run was stopped, 0 for a session without a file. */
async function takeDayFiles(
  deps: FetcherDeps,
  { path, s3, from, to, prune, testTickers }: DayFilesConfig,
): Promise<number> {
  const { signal } = deps;
  const concurrency = availableParallelism();
  const report = await withDayFileReader(concurrency, async (read) =>
    backfill(deps, {
      source: flatFileSource,
      days: await dayFilesAt({ path, s3 }, { from, to }, { selection: { testTickers }, read, signal }),
      from,
      to,
      prune,
      cause: 'backfill',
      signal,
      readAhead: concurrency + 1,
    }),
  );
  deps.logger.info(report, 'day files taken in');
  return report.failed.length === 0 && report.complete ? exitCodes.done : exitCodes.failed;
}

/** 1 if a session failed or the run was stopped, 0 when there is nothing to take, or not yet. */
async function takeNight(
  deps: FetcherDeps,
  config: NightConfig & Partial<Pick<FetcherConfig, 'taskPrice'>>,
): Promise<number> {
  const client = createMassiveClient(config.massive, deps.logger);
  const { day, lookbackDays, testTickers, symbols, taskPrice } = config;
  const startedMs = performance.now();
  // Of the runs before: what this one brings is not overdue yet.
  const pendingInvalidations = await deps.db.repeat(countOverdue);
  const report = await runNightly(
    { ...deps, client },
    { day, lookbackDays, testTickers, symbols, signal: deps.signal },
  );
  const durationMs = Math.round(performance.now() - startedMs);
  const stored = new Set(await deps.db.repeat(readTradingDays));
  const missing = overdueSessions({ stored, now: deps.clock(), lookbackDays });
  const metrics: Measured = {
    fetchDuration: durationMs,
    barsWritten: report.barsWritten,
    sessionsMissing: missing.length,
    pendingInvalidations,
    ...costOf(taskPrice, durationMs),
  };
  deps.logger.info({ ...report, durationMs, missingDays: missing, metrics }, 'night taken in');
  return isWholeNight(report) ? exitCodes.done : exitCodes.failed;
}
