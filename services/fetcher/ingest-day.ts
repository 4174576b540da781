/**
 * The transaction that takes one delivery into bronze. Its invariant: bronze, the symbols' state, the invalidations, the
 * quarantine and the event commit together or not at all, and a row that is stored already writes nothing.
 *
 *     symbols   make missing rows ─▶ lock all, in order ─▶ ┬ newer than the last bar ─▶ append (COPY)
 *                                                          └ else: compare ─▶ insert, correct, or nothing
 */
import type { Cause } from '../../events/metadata.ts';
import { newEvent } from '../../events/new-event.ts';
import { copyBarsIn } from '../../sql/queries/copy-bars-in.ts';
import { deleteBars } from '../../sql/queries/delete-bars.ts';
import { findMissingBars } from '../../sql/queries/find-missing-bars.ts';
import { insertBars } from '../../sql/queries/insert-bars.ts';
import { insertChange, isChangeStored } from '../../sql/queries/insert-change.ts';
import { insertInvalidations } from '../../sql/queries/insert-invalidations.ts';
import { insertMissingSymbols } from '../../sql/queries/insert-missing-symbols.ts';
import { insertQuarantine } from '../../sql/queries/insert-quarantine.ts';
import { lockDeliveredSymbols } from '../../sql/queries/lock-delivered-symbols.ts';
import { mergeBars } from '../../sql/queries/merge-bars.ts';
import { noteAppended } from '../../sql/queries/note-appended.ts';
import { noteInserted } from '../../sql/queries/note-inserted.ts';
import { planByIndex } from '../../sql/queries/plan-by-index.ts';
import { readIntervals } from '../../sql/queries/read-intervals.ts';
import { upsertTradingDay } from '../../sql/queries/upsert-trading-day.ts';
import type { Client, Database } from '../shared/database.ts';
import { writeOutbox } from '../shared/outbox.ts';
import type { Bar, Delivery, Quarantined } from './bar.ts';
import { symbolsLiteral, toBarColumns, toCopyLines } from './bar-columns.ts';
import { type DayOutcome, type IngestReport, toReport } from './ingest-report.ts';
import { SeriesConflictError } from './series-conflict-error.ts';

export type IngestOptions = {
  readonly cause: Cause;
  /** Shared by all that one fetch or backfill sets off; a uuid. */
  readonly correlationId: string;
  /** Delete stored bars of that day and source that the delivery lacks. */
  readonly prune?: boolean;
};

/** The event lists its symbols up to here; beyond, it means every symbol with a bar on that day. */
const maxListedSymbols = 1_000;
/** Below, an insert takes one round trip and a COPY more. */
const minCopyRows = 100;

/**
 * Takes one delivery into bronze. Safe to repeat: the same again changes nothing and tells nothing.
 * The event waits in the outbox: call `publishOutbox` afterwards.
 * @throws {SeriesConflictError} if a symbol's series comes from elsewhere and one of the two is adjusted for splits.
 */
export async function ingestDay(
  { db }: { readonly db: Database },
  delivery: Delivery,
  options: IngestOptions,
): Promise<IngestReport> {
  let eventId: string | null = null;
  return await db.transaction(
    async (client) => {
      eventId = null;
      const judged = await lockAndJudge(client, delivery, options.prune ?? false);
      const outcome = await changeBronze(client, delivery, judged);
      const quarantined = await quarantine(client, delivery, outcome.quarantined);
      const changed = quarantined + outcome.inserted.length + outcome.corrected.length + outcome.deleted.length > 0;
      const first = await upsertTradingDay(client, {
        ...delivery,
        fingerprint: options.prune ? prunedFingerprint(delivery.fingerprint) : delivery.fingerprint,
        bars: delivery.bars.length + delivery.quarantined.length - outcome.quarantined.length,
        quarantined: outcome.quarantined.length,
        changed,
      });
      if (!changed && !first) return toReport(delivery, outcome, null);
      eventId = await tell(client, delivery, outcome, judged, options);
      return toReport(delivery, outcome, eventId);
    },
    // Without a change of its own the transaction left nothing that a repetition would double.
    { committed: async (client) => eventId !== null && (await isChangeStored(client, eventId)) },
  );
}
