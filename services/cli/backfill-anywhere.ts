import { type BackfillRequest, reportBackfill, runBackfill } from './commands/backfill.ts';
import { atWorkplace, type WorkplaceDeps } from './workplace.ts';

/**
 * Backfills where the settings lead: into a pipeline that runs elsewhere, which then does the rest; or, on this machine, in a
 * pipeline of its own, which it runs until all is done.
 */
export async function backfillAnywhere(deps: WorkplaceDeps, request: BackfillRequest): Promise<number> {
  return await atWorkplace(deps, { command: 'backfill' }, async (place) => {
    const report = await runBackfill({ ...deps, db: place.db, publish: () => place.publish() }, request);
    if (!place.own) return reportBackfill(deps.output, report);
    await place.settle();
    return reportBackfill(deps.output, { ...report, complete: report.complete && !deps.signal.aborted });
  });
}
