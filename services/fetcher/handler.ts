import { availableParallelism } from 'node:os';
import { exitCodes } from '../shared/exit-code.ts';
import { type BackfillDeps, backfill } from './backfill.ts';
import type { DayFilesConfig, NightConfig } from './config.ts';
import { withDayFileReader } from './day-file-readers.ts';
import { dayFilesAt } from './day-files-at.ts';
import { flatFileSource } from './flat-file.ts';
import { createMassiveClient } from './massive/massive-client.ts';
import { isWholeNight, runNightly } from './nightly/run-nightly.ts';

export type FetcherDeps = BackfillDeps & {
  readonly clock: () => Date;
  readonly signal: AbortSignal;
};

/** Takes in what the configuration says and returns the exit code. */
export async function runFetcher(deps: FetcherDeps, config: NightConfig | DayFilesConfig): Promise<number> {
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
async function takeNight(deps: FetcherDeps, config: NightConfig): Promise<number> {
  const client = createMassiveClient(config.massive, deps.logger);
  const { day, lookbackDays, testTickers } = config;
  const report = await runNightly(
    { ...deps, client },
    { day, lookbackDays, testTickers, signal: deps.signal },
  );
  deps.logger.info(report, 'night taken in');
  return isWholeNight(report) ? exitCodes.done : exitCodes.failed;
}
