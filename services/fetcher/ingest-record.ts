import { randomUUID } from 'node:crypto';
import { eventSource } from '../../events/event-source.ts';
import { newEvent } from '../../events/new-event.ts';
import type { DayChange, IngestRecord, StateAdvance } from '../../sql/queries/record-ingest.ts';
import type { TradingDayRow } from '../../sql/queries/upsert-trading-day.ts';
import type { Delivery } from './bar.ts';
import type { IngestOptions } from './ingest-day.ts';
import { type DayOutcome, toReport } from './ingest-report.ts';

/** The event lists its symbols up to here; beyond, it means every symbol with a bar on that day. */
const maxListedSymbols = 1_000;

export type ToRecord = {
  readonly options: IngestOptions;
  readonly day: TradingDayRow;
  /** null: the state of the symbols is after the day already. */
  readonly advance: StateAdvance | null;
  readonly noted: readonly DayChange[];
};

/** What is stored of a delivery beside its bars: the change, what it invalidates, and the event that tells of it. */
export function toRecord(
  delivery: Delivery,
  outcome: DayOutcome,
  { options, day, advance, noted }: ToRecord,
): IngestRecord {
  const { tradingDay, source } = delivery;
  const { correlationId } = options;
  const report = toReport(delivery, outcome, null);
  // Whoever passes over history must hear of bars that he had otherwise.
  const changesBars = report.corrected + report.deleted > 0;
  const cause = options.cause === 'backfill' && changesBars ? 'correction' : options.cause;
  const counts = {
    inserted: report.inserted,
    corrected: report.corrected,
    deleted: report.deleted,
    unchanged: report.unchanged,
    quarantined: outcome.quarantined.length,
  };
  const changed = report.inserted + report.corrected + report.deleted;
  const eventId = randomUUID();
  const { detailType, detail } = newEvent('BarsIngested', {
    id: eventId,
    data: {
      tradingDay,
      source,
      bars: report.inserted + report.corrected + report.unchanged,
      ...counts,
      ...(changed <= maxListedSymbols && {
        symbols: [...outcome.inserted, ...outcome.corrected, ...outcome.deleted].toSorted(),
      }),
    },
    cause,
    correlationId,
    producer: 'fetcher',
    // Not the content's: the same content may come back after a correction, and is a change again.
    idempotencyKey: `bars-ingested:${source}:${tradingDay}:${eventId}`,
  });
  return {
    change: { eventId, kind: 'ingest', cause, source, tradingDay, correlationId, counts },
    day,
    advance,
    noted,
    event: { eventId, source: eventSource, detailType, detail: JSON.stringify(detail) },
  };
}
