import { copyBarsIn } from '../../sql/queries/copy-bars-in.ts';
import { deleteBars } from '../../sql/queries/delete-bars.ts';
import { insertBars } from '../../sql/queries/insert-bars.ts';
import { mergeBars } from '../../sql/queries/merge-bars.ts';
import { noteInserted } from '../../sql/queries/note-inserted.ts';
import { planByIndex } from '../../sql/queries/plan-by-index.ts';
import type { Client } from '../shared/database.ts';
import type { Bar, Delivery } from './bar.ts';
import { toBarColumns, toCopyLines } from './bar-columns.ts';
import type { DayOutcome } from './ingest-report.ts';
import type { Judged } from './lock-and-judge.ts';

/** Below, an insert takes one round trip and a COPY more. */
const minCopyRows = 100;

export type Outcome = DayOutcome & { readonly appended: readonly string[] };

/** Writes the bars that are new or different, and deletes those to be pruned. */
export async function changeBronze(client: Client, delivery: Delivery, judged: Judged): Promise<Outcome> {
  const { tradingDay } = delivery;
  const { appendable, others, pruned } = judged;
  await appendBars(client, tradingDay, appendable);
  if (others.length + pruned.length > 0) await planByIndex(client);
  const merged = others.length > 0 ? await mergeBars(client, tradingDay, toBarColumns(others)) : [];
  const inserted = merged.filter(({ change }) => change === 'inserted').map(({ symbol }) => symbol);
  if (inserted.length > 0) await noteInserted(client, tradingDay, inserted);
  const deleted = pruned.length > 0 ? await deleteBars(client, tradingDay, pruned) : [];
  const appended = appendable.map(({ symbol }) => symbol);
  return {
    appended,
    inserted: [...appended, ...inserted],
    corrected: merged.filter(({ change }) => change === 'corrected').map(({ symbol }) => symbol),
    deleted,
    missing: judged.missing,
    quarantined: [...delivery.quarantined, ...judged.tooOld],
  };
}

/** Writes bars that are not there. */
export async function appendBars(client: Client, tradingDay: string, bars: readonly Bar[]): Promise<void> {
  if (bars.length >= minCopyRows) await copyBarsIn(client, toCopyLines(bars, tradingDay));
  else if (bars.length > 0) await insertBars(client, tradingDay, toBarColumns(bars));
}
