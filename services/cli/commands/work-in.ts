import { type ChangedRows, sumChangedRows } from '../../../sql/queries/sum-changed-rows.ts';
import type { Restated } from '../../shared/restate.ts';
import { counted } from '../format.ts';
import type { Output } from '../output.ts';
import type { Workplace } from '../workplace.ts';

export type ChangeDeps = {
  readonly place: Workplace;
  readonly output: Output;
  readonly signal: AbortSignal;
};

export type WorkedIn = ChangedRows & {
  readonly changeId: string | null;
  readonly correlationId: string | null;
  readonly symbols: number;
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
    const nothing = { symbols: 0, changedRows: 0, otherChanges: 0 };
    return { changeId, correlationId: null, ...nothing, complete: !signal.aborted };
  }
  const changed = await place.db.withClient((client) => sumChangedRows(client, [changeId]));
  return {
    changeId,
    correlationId,
    symbols: restated.symbols.length,
    ...changed,
    complete: !signal.aborted,
  };
}

/** Said after a number of rows. */
export function withOthers({ otherChanges }: ChangedRows): string {
  return otherChanges === 0 ? '' : `, with those of ${counted(otherChanges, 'other change')}`;
}

export const stoppedEarly =
  'Stopped before the end: nothing is lost, `fibbars resample --pending` does the rest';
