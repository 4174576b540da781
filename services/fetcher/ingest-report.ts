import type { Delivery, Quarantined } from './bar.ts';
import type { QuarantineReason } from './quarantine-reasons.ts';

export type ReasonCounts = Readonly<Partial<Record<QuarantineReason, number>>>;

/** What one delivery did. `received` is inserted + corrected + unchanged + the sum of quarantined, always. */
export type IngestReport = {
  readonly tradingDay: string;
  readonly source: string;
  /** Rows. */
  readonly received: number;
  /** Bars that bronze did not have, at the end of a series or before. */
  readonly inserted: number;
  readonly corrected: number;
  /** Bars that the delivery lacks, removed because pruning was asked for. */
  readonly deleted: number;
  readonly unchanged: number;
  /** Stored bars of that day and source that the delivery lacks, and that were kept. */
  readonly missing: number;
  readonly quarantined: ReasonCounts;
  /** metadata.id of the BarsIngested that tells of it; null when nothing changed. */
  readonly eventId: string | null;
};

/** What became of a delivery's rows in the transaction. */
export type DayOutcome = {
  readonly quarantined: readonly Quarantined[];
  /** Symbols. */
  readonly inserted: readonly string[];
  readonly corrected: readonly string[];
  readonly deleted: readonly string[];
  readonly missing: readonly string[];
};

export function toReport(delivery: Delivery, outcome: DayOutcome, eventId: string | null): IngestReport {
  const received = delivery.bars.length + delivery.quarantined.length;
  const inserted = outcome.inserted.length;
  const corrected = outcome.corrected.length;
  return {
    tradingDay: delivery.tradingDay,
    source: delivery.source,
    received,
    inserted,
    corrected,
    deleted: outcome.deleted.length,
    unchanged: received - outcome.quarantined.length - inserted - corrected,
    missing: outcome.missing.length,
    quarantined: countReasons(outcome.quarantined),
    eventId,
  };
}

function countReasons(rows: readonly { readonly reason: QuarantineReason }[]): ReasonCounts {
  const counts: Partial<Record<QuarantineReason, number>> = {};
  for (const { reason } of rows) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
