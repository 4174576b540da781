/**
 * Up to where the outbox is known. Ids are not committed in their order, so a row with a lower id may turn up after one with a
 * higher. Its invariant: every row up to `low` was visible in some look, or will never be.
 *
 *     ids       … ──── low ──── marks ──── highest
 *                known │ looked at again in each look
 *
 * A look marks the highest id that it saw, and the first transaction that had not begun. Whoever draws ids of the outbox has written
 * before, so a row below the mark that was not visible belongs to a transaction before that one; once all of those have ended, a
 * look has seen what will ever be there, and `low` moves up to the mark.
 */
import type { OutboxView } from '../../../sql/queries/read-silver-events.ts';

export type OutboxCursor = {
  /** Decimal text. */
  readonly low: string;
  readonly marks: readonly Mark[];
};

type Mark = { readonly highest: string; readonly begun: string };

/** While one transaction lasts, the looks need not all be remembered: the last does for those before it. */
const mostMarks = 60;

/** Where the outbox is known to after a look at what is above `low`. */
export function afterLook({ low, marks }: OutboxCursor, { highest, begun, ended }: OutboxView): OutboxCursor {
  const all = [...marks, { highest, begun }];
  const settled = all.findLastIndex((mark) => BigInt(mark.begun) <= BigInt(ended));
  const open = all.slice(settled + 1);
  return {
    low: all[settled]?.highest ?? low,
    marks: open.length > mostMarks ? [...open.slice(0, mostMarks - 1), ...open.slice(-1)] : open,
  };
}
