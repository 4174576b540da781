import { readStatus } from '../../../sql/queries/read-status.ts';
import { readClock, sumRecentRows } from '../../../sql/queries/sum-recent-rows.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import { counted } from '../format.ts';
import { type ChangeDeps, stoppedEarly } from './work-in.ts';

/** Takes up all that is pending, also what a failed job left, and waits for its end. */
export async function resamplePending({ place, output, signal }: ChangeDeps): Promise<number> {
  const { before, since } = await place.db.withClient(async (client) => ({
    before: await readStatus(client),
    since: await readClock(client),
  }));
  // In a pipeline of our own the sweep at rest does more: it also finds claims whose job is gone.
  if (!place.own) await place.dispatch();
  await place.settle();
  const { after, changedRows } = await place.db.withClient(async (client) => ({
    after: await readStatus(client),
    changedRows: await sumRecentRows(client, since),
  }));
  const complete = !signal.aborted;
  output.document({ pending: before.invalidations, left: after.invalidations, changedRows, complete });
  output.say(
    before.invalidations === 0
      ? 'Nothing was pending'
      : `${counted(before.invalidations, 'invalidation was', 'invalidations were')} pending, ${counted(after.invalidations, 'is', 'are')}; ${counted(changedRows, 'row of silver', 'rows of silver')} written or removed`,
  );
  if (!complete) output.say(stoppedEarly);
  return complete ? exitCodes.done : exitCodes.failed;
}
