import { readStatus } from '../../../sql/queries/read-status.ts';
import { readPendingChanges, sumChangedRows } from '../../../sql/queries/sum-changed-rows.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import { counted } from '../format.ts';
import { type ChangeDeps, stoppedEarly, withOthers } from './work-in.ts';

/** Takes up all that is pending, also what a failed job left, and waits for its end. */
export async function resamplePending({ place, output, signal }: ChangeDeps): Promise<number> {
  const { before, changeIds } = await place.db.withClient(async (client) => ({
    before: await readStatus(client),
    changeIds: await readPendingChanges(client),
  }));
  // In a pipeline of our own the sweep at rest does more: it also finds claims whose job is gone.
  if (!place.own) await place.dispatch();
  await place.settle();
  const { after, changed } = await place.db.withClient(async (client) => ({
    after: await readStatus(client),
    changed: await sumChangedRows(client, changeIds),
  }));
  const complete = !signal.aborted;
  output.document({ pending: before.invalidations, left: after.invalidations, ...changed, complete });
  output.say(
    before.invalidations === 0
      ? 'Nothing was pending'
      : `${counted(before.invalidations, 'invalidation was', 'invalidations were')} pending, ${counted(after.invalidations, 'is', 'are')}; ${counted(changed.changedRows, 'row of silver', 'rows of silver')} written or removed${withOthers(changed)}`,
  );
  if (!complete) output.say(stoppedEarly);
  return complete ? exitCodes.done : exitCodes.failed;
}
