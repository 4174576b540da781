/**
 * The transaction that takes one delivery into bronze. Its invariant: bronze, the symbols' state, the invalidations, the
 * quarantine and the event commit together or not at all, and a row that is stored already writes nothing.
 *
 *     symbols   make missing rows ─▶ lock all, in order ─▶ ┬ newer than the last bar ─▶ append (COPY)
 *                                                          └ else: compare ─▶ insert, correct, or nothing
 */
import type { Cause } from '../../events/metadata.ts';
import { insertQuarantine } from '../../sql/queries/insert-quarantine.ts';
import { isChangeStored } from '../../sql/queries/is-change-stored.ts';
import { type DayChange, recordIngest } from '../../sql/queries/record-ingest.ts';
import { upsertTradingDay } from '../../sql/queries/upsert-trading-day.ts';
import type { Database } from '../shared/database.ts';
import { appendDay, isPartOfHistory } from './append-day.ts';
import type { BackfillMemory, NotedDay } from './backfill-memory.ts';
import type { Delivery } from './bar.ts';
import { symbolsLiteral } from './bar-columns.ts';
import { changeBronze, type Outcome } from './change-bronze.ts';
import { toRecord } from './ingest-record.ts';
import { type IngestReport, toReport } from './ingest-report.ts';
import { lockAndJudge } from './lock-and-judge.ts';

export type IngestDeps = {
  readonly db: Database;
  /** Of the backfill that the day is part of, whose days come in date order, each in one transaction after the other. */
  readonly memory?: BackfillMemory;
};

export type IngestOptions = {
  /** A backfill that corrects or deletes bars is told of as a correction. */
  readonly cause: Cause;
  /** Shared by all that one fetch or backfill sets off; a uuid. */
  readonly correlationId: string;
  /** Delete stored bars of that day and source that the delivery lacks. */
  readonly prune?: boolean;
};

/**
 * Takes one delivery into bronze. Safe to repeat: the same again changes nothing and tells nothing.
 * The event waits in the outbox: call `publishOutbox` afterwards.
 * @throws {SeriesConflictError} if a symbol's series comes from elsewhere and one of the two is adjusted for splits.
 */
export async function ingestDay(
  { db, memory }: IngestDeps,
  delivery: Delivery,
  options: IngestOptions,
): Promise<IngestReport> {
  const appended = memory && (await appendDay({ db, memory }, delivery, options));
  if (appended) return appended;
  let eventId: string | null = null;
  let noted: NotedDay | undefined;
  const report = await db.transaction(
    async (client) => {
      eventId = null;
      noted = undefined;
      const judged = await lockAndJudge(client, delivery, options, memory?.known);
      const outcome = await changeBronze(client, delivery, judged);
      const { source, tradingDay } = delivery;
      const quarantined = await insertQuarantine(client, source, tradingDay, outcome.quarantined);
      const changed =
        quarantined + outcome.inserted.length + outcome.corrected.length + outcome.deleted.length > 0;
      const day = {
        source,
        tradingDay,
        fingerprint: options.prune ? prunedFingerprint(delivery.fingerprint) : delivery.fingerprint,
        bars: delivery.bars.length + delivery.quarantined.length - outcome.quarantined.length,
        quarantined: outcome.quarantined.length,
      };
      if (!changed && !(await upsertTradingDay(client, day))) return toReport(delivery, outcome, null);
      const changes = changesOf(outcome);
      const { appendable, intervals } = judged;
      const advance = { symbols: symbolsLiteral(appendable), adjusted: delivery.adjusted, intervals };
      const record = toRecord(delivery, outcome, { options, day, advance, noted: changes });
      const recorded = await recordIngest(client, record);
      if (changes.length === 0 && isPartOfHistory(memory, delivery, options))
        noted = { ...recorded, symbols: outcome.appended };
      eventId = record.event.eventId;
      return toReport(delivery, outcome, eventId);
    },
    // Without a change of its own the transaction left nothing that a repetition would double.
    { committed: async (client) => eventId !== null && (await isChangeStored(client, eventId)) },
  );
  memory?.remember(delivery.bars, noted);
  return report;
}

/** What changed beside the bars that were appended. */
function changesOf({ appended, inserted, corrected, deleted }: Outcome): DayChange[] {
  const news = new Set(appended);
  return [
    ...inserted
      .filter((symbol) => !news.has(symbol))
      .map((symbol) => ({ symbol, reason: 'inserted' as const })),
    ...corrected.map((symbol) => ({ symbol, reason: 'corrected' as const })),
    ...deleted.map((symbol) => ({ symbol, reason: 'deleted' as const })),
  ];
}

/** A day that was taken in without pruning is not done when it is to be pruned. */
export function prunedFingerprint(fingerprint: string): string {
  return `${fingerprint} pruned`;
}
