/**
 * The transaction that takes one delivery into bronze. Its invariant: bronze, the symbols' state, the invalidations, the
 * quarantine and the event commit together or not at all, and a row that is stored already writes nothing.
 *
 *     symbols   make missing rows ─▶ lock all, in order ─▶ ┬ newer than the last bar ─▶ append (COPY)
 *                                                          └ else: compare ─▶ insert, correct, or nothing
 */
import { randomUUID } from 'node:crypto';
import { eventSource } from '../../events/event-source.ts';
import type { Cause } from '../../events/metadata.ts';
import { newEvent } from '../../events/new-event.ts';
import { insertQuarantine } from '../../sql/queries/insert-quarantine.ts';
import { isChangeStored } from '../../sql/queries/is-change-stored.ts';
import { type IngestRecord, recordIngest } from '../../sql/queries/record-ingest.ts';
import { type TradingDayRow, upsertTradingDay } from '../../sql/queries/upsert-trading-day.ts';
import type { Client, Database } from '../shared/database.ts';
import type { Delivery, Quarantined } from './bar.ts';
import { symbolsLiteral } from './bar-columns.ts';
import { changeBronze, type Outcome } from './change-bronze.ts';
import { type IngestReport, toReport } from './ingest-report.ts';
import { type Judged, lockAndJudge } from './lock-and-judge.ts';

export type IngestDeps = {
  readonly db: Database;
  /** Symbols that are sure to have a row in ops.symbol, where none is ever deleted; added to. Spares a look a day. */
  readonly known?: Set<string>;
};

export type IngestOptions = {
  readonly cause: Cause;
  /** Shared by all that one fetch or backfill sets off; a uuid. */
  readonly correlationId: string;
  /** Delete stored bars of that day and source that the delivery lacks. */
  readonly prune?: boolean;
  /** Known to be the first delivery of that day from its source, from which no stored bar can be missing. */
  readonly firstDelivery?: boolean;
};

/** The event lists its symbols up to here; beyond, it means every symbol with a bar on that day. */
const maxListedSymbols = 1_000;
/**
 * Takes one delivery into bronze. Safe to repeat: the same again changes nothing and tells nothing.
 * The event waits in the outbox: call `publishOutbox` afterwards.
 * @throws {SeriesConflictError} if a symbol's series comes from elsewhere and one of the two is adjusted for splits.
 */
export async function ingestDay(
  { db, known = new Set() }: IngestDeps,
  delivery: Delivery,
  options: IngestOptions,
): Promise<IngestReport> {
  let eventId: string | null = null;
  const report = await db.transaction(
    async (client) => {
      eventId = null;
      const judged = await lockAndJudge(client, delivery, options, known);
      const outcome = await changeBronze(client, delivery, judged);
      const quarantined = await quarantine(client, delivery, outcome.quarantined);
      const changed =
        quarantined + outcome.inserted.length + outcome.corrected.length + outcome.deleted.length > 0;
      const day = {
        source: delivery.source,
        tradingDay: delivery.tradingDay,
        fingerprint: options.prune ? prunedFingerprint(delivery.fingerprint) : delivery.fingerprint,
        bars: delivery.bars.length + delivery.quarantined.length - outcome.quarantined.length,
        quarantined: outcome.quarantined.length,
      };
      if (!changed && !(await upsertTradingDay(client, day))) return toReport(delivery, outcome, null);
      const record = toRecord(delivery, outcome, { judged, options, day });
      await recordIngest(client, record);
      eventId = record.event.eventId;
      return toReport(delivery, outcome, eventId);
    },
    // Without a change of its own the transaction left nothing that a repetition would double.
    { committed: async (client) => eventId !== null && (await isChangeStored(client, eventId)) },
  );
  for (const { symbol } of delivery.bars) known.add(symbol);
  return report;
}

async function quarantine(
  client: Client,
  { source, tradingDay }: Delivery,
  rows: readonly Quarantined[],
): Promise<number> {
  return rows.length > 0 ? await insertQuarantine(client, source, tradingDay, rows) : 0;
}

/** What is stored of a delivery beside its bars: the change, what it invalidates, and the event that tells of it. */
function toRecord(
  delivery: Delivery,
  outcome: Outcome,
  { judged, options, day }: { judged: Judged; options: IngestOptions; day: TradingDayRow },
): IngestRecord {
  const { tradingDay, source, adjusted } = delivery;
  const { cause, correlationId } = options;
  const report = toReport(delivery, outcome, null);
  const counts = {
    inserted: report.inserted,
    corrected: report.corrected,
    deleted: report.deleted,
    unchanged: report.unchanged,
    quarantined: outcome.quarantined.length,
  };
  const symbols = [...outcome.inserted, ...outcome.corrected, ...outcome.deleted].toSorted();
  const eventId = randomUUID();
  const { detailType, detail } = newEvent('BarsIngested', {
    id: eventId,
    data: {
      tradingDay,
      source,
      bars: report.inserted + report.corrected + report.unchanged,
      ...counts,
      ...(symbols.length <= maxListedSymbols && { symbols }),
    },
    cause,
    correlationId,
    producer: 'fetcher',
    // Not the content's: the same content may come back after a correction, and is a change again.
    idempotencyKey: `bars-ingested:${source}:${tradingDay}:${eventId}`,
  });
  const appended = new Set(outcome.appended);
  return {
    change: { eventId, kind: 'ingest', cause, source, tradingDay, correlationId, counts },
    day,
    adjusted,
    appended: symbolsLiteral(judged.appendable),
    others: [
      ...outcome.inserted
        .filter((symbol) => !appended.has(symbol))
        .map((symbol) => ({ symbol, reason: 'inserted' as const })),
      ...outcome.corrected.map((symbol) => ({ symbol, reason: 'corrected' as const })),
      ...outcome.deleted.map((symbol) => ({ symbol, reason: 'deleted' as const })),
    ],
    event: { eventId, source: eventSource, detailType, detail: JSON.stringify(detail) },
    intervals: judged.intervals,
  };
}

/** A day that was taken in without pruning is not done when it is to be pruned. */
export function prunedFingerprint(fingerprint: string): string {
  return `${fingerprint} pruned`;
}
