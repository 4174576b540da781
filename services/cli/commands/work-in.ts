import { sumChangedRows } from '../../../sql/queries/sum-changed-rows.ts';
import type { Restated } from '../../shared/restate.ts';
import type { Output } from '../output.ts';
import type { Workplace } from '../workplace.ts';

export type ChangeDeps = {
  readonly place: Workplace;
  readonly output: Output;
  readonly signal: AbortSignal;
};

export type WorkedIn = {
  readonly changeId: string | null;
  readonly correlationId: string | null;
  readonly symbols: number;
  /** Silver rows written or deleted. */
  readonly changedRows: number;
  /** False when it was stopped before the end. */
  readonly complete: boolean;
};

/**
 * Lets the pipeline work a change in, to the end. Without a change it works in what is pending: the same command may have been
 * cut off after its change, and now finds nothing to do.
 */
export async function workIn({ place, signal }: ChangeDeps, restated: Restated): Promise<WorkedIn> {
  const { changeId, correlationId } = restated;
  await place.settle();
  if (changeId === null) {
    return { changeId, correlationId: null, symbols: 0, changedRows: 0, complete: !signal.aborted };
  }
  const changedRows = await place.db.withClient((client) => sumChangedRows(client, [changeId]));
  return {
    changeId,
    correlationId,
    symbols: restated.symbols.length,
    changedRows,
    complete: !signal.aborted,
  };
}

export const stoppedEarly =
  'Stopped before the end: nothing is lost, `fibbars resample --pending` does the rest';
