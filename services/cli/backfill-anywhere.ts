import type { BackfillReport } from '../fetcher/backfill.ts';
import type { BackfillDeps } from './commands/backfill.ts';
import { atWorkplace, type WorkplaceDeps } from './workplace.ts';

/**
 * Backfills where the settings lead: into a pipeline that runs elsewhere, which then does the rest; or, on this machine, in a
 * pipeline of its own, which it runs until all is done.
 */
export async function backfillAnywhere<Report extends BackfillReport>(
  deps: WorkplaceDeps,
  run: (deps: BackfillDeps) => Promise<Report>,
): Promise<Report> {
  return await atWorkplace(deps, { command: 'backfill' }, async (place) => {
    const report = await run({ ...deps, db: place.db, publish: () => place.publish() });
    if (!place.own) return report;
    await place.settle();
    return { ...report, complete: report.complete && !deps.signal.aborted };
  });
}
