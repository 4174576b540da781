import { exitCodes } from '../shared/exit-code.ts';
import { flatFileDays } from './available-days.ts';
import { type BackfillDeps, backfill } from './backfill.ts';
import type { FetcherConfig } from './config.ts';
import { flatFileSource } from './flat-file.ts';

export type FetcherDeps = BackfillDeps & { readonly signal: AbortSignal };

/** Takes the day files in and returns the exit code: 1 if a day failed or the run was stopped, 0 for a session without a file. */
export async function runFetcher(
  deps: FetcherDeps,
  { path, from, to, prune }: Pick<FetcherConfig, 'path' | 'from' | 'to' | 'prune'>,
): Promise<number> {
  // What a killed run left unpublished.
  await deps.publish();
  const days = await flatFileDays(path, { from, to });
  const report = await backfill(deps, {
    source: flatFileSource,
    days,
    from,
    to,
    prune,
    cause: 'backfill',
    signal: deps.signal,
  });
  deps.logger.info(report, 'day files taken in');
  return report.failed.length === 0 && report.complete ? exitCodes.done : exitCodes.failed;
}
