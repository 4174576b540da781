import type { BackfillReport } from '../fetcher/backfill.ts';
import type { BackfillDeps } from './commands/backfill.ts';
import { sayHandedOver } from './hand-over.ts';
import { atWorkplace, type WorkplaceDeps } from './workplace.ts';

/**
 * Backfills where the settings lead: into a pipeline that runs elsewhere, which then does the rest; or, on this machine, in a
 * pipeline of its own, which it runs until all is done.
 * @param tell says what came of it, and returns the exit code.
 */
export async function backfillAnywhere<Report extends BackfillReport>(
  deps: WorkplaceDeps,
  run: (deps: BackfillDeps) => Promise<Report>,
  tell: (report: Report) => number,
): Promise<number> {
  const { report, own } = await atWorkplace(deps, { command: 'backfill' }, async (place) => {
    const taken = await run({ ...deps, db: place.db, publish: () => place.publish() });
    if (place.own) await place.settle();
    return { report: taken, own: place.own };
  });
  const code = tell(own ? { ...report, complete: report.complete && !deps.signal.aborted } : report);
  if (!own && report.inserted + report.corrected + report.deleted > 0) sayHandedOver(deps.output);
  return code;
}
