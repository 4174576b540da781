import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cause } from '../../events/metadata.ts';
import { readFingerprints } from '../../sql/queries/read-fingerprints.ts';
import { isKnownClosure, sessionsBetween } from '../shared/calendar/sessions.ts';
import type { Database } from '../shared/database.ts';
import { DatabaseUnreachableError } from '../shared/database-errors.ts';
import type { Logger } from '../shared/logger.ts';
import type { AvailableDay } from './available-day.ts';
import { BackfillMemory } from './backfill-memory.ts';
import type { Delivery } from './bar.ts';
import { ingestDay, prunedFingerprint } from './ingest-day.ts';
import type { IngestReport } from './ingest-report.ts';
import { isWeekend, NoSessionError } from './no-session-error.ts';
import { NotYetError } from './not-yet-error.ts';
import { SeriesConflictError } from './series-conflict-error.ts';

export type BackfillDeps = {
  readonly db: Database;
  readonly logger: Logger;
  /** Publishes what is in the outbox. Called after commits, one call at a time, and not waited for until the end. */
  readonly publish: () => Promise<unknown>;
};

export type BackfillRequest = {
  readonly source: string;
  /** In date order. */
  readonly days: readonly AvailableDay[];
  /** Sessions in this range without a file are reported; absent: from the first to the last day available. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cause: Cause | ((tradingDay: string) => Cause);
  /** Whether a day's failure is one that every later day would meet too: the run ends there. */
  readonly endsRun?: ((error: unknown) => boolean) | undefined;
  readonly prune?: boolean | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: BackfillProgress) => void;
  /** Days read ahead of the one that is written. */
  readonly readAhead?: number | undefined;
};

export type BackfillProgress = { readonly done: number; readonly total: number; readonly rows: number };

export type BackfillReport = {
  correlationId: string;
  ingested: number;
  /** Days taken in before with the same content. */
  skipped: number;
  /** Events written. */
  events: number;
  received: number;
  inserted: number;
  corrected: number;
  unchanged: number;
  missing: number;
  deleted: number;
  quarantined: number;
  quarantinedByReason: Record<string, number>;
  /** Sessions without a file. */
  missingDays: string[];
  /** Weekdays taken in that are no session of the New York Stock Exchange, by our calendar, which may be behind. */
  noSessions: string[];
  /** Symbols that were asked for, and of which no day that was taken in has a row. */
  absentSymbols: string[];
  /** Days that the source has not published yet: no failure, a later run takes them. */
  notYet: { tradingDay: string; reason: string }[];
  failed: { tradingDay: string; error: string }[];
  /** False when it ended before the last day. */
  complete: boolean;
};

/**
 * Takes many days in, in date order, each in a transaction of its own. A day that fails is reported and the others go on;
 * stopped or killed, the next run takes up what is missing.
 * @throws {SeriesConflictError} at once, since every day would fail the same way.
 * @throws {DatabaseUnreachableError} likewise.
 */
export async function backfill(deps: BackfillDeps, request: BackfillRequest): Promise<BackfillReport> {
  const { days, signal } = request;
  const report = emptyReport(request);
  const known = await deps.db.repeat((client) => readFingerprints(client, request.source));
  const publishing = keepPublishing(deps.publish);
  const ahead = new ReadAhead(days, request, known);
  const memory = new BackfillMemory();
  let rows = 0;
  let absent: Set<string> | undefined;
  for (const [index, { tradingDay }] of days.entries()) {
    if (signal.aborted) {
      report.complete = false;
      break;
    }
    try {
      const delivery = await ahead.take(index);
      if (delivery === 'known') report.skipped++;
      else {
        const { cause, prune } = request;
        const ingested = await ingestDay({ db: deps.db, memory }, delivery, {
          cause: typeof cause === 'string' ? cause : cause(tradingDay),
          prune: prune ?? false,
          correlationId: report.correlationId,
        });
        add(report, ingested);
        absent = withoutThoseOf(delivery, absent);
        rows += ingested.received;
        publishing.poke();
      }
    } catch (error) {
      if (signal.aborted) {
        report.complete = false;
        break;
      }
      // Every later day would fail the same way.
      if (error instanceof SeriesConflictError || error instanceof DatabaseUnreachableError) {
        ahead.stop();
        throw error;
      }
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof NotYetError) report.notYet.push({ tradingDay, reason: message });
      else {
        deps.logger.error(
          { correlationId: report.correlationId, tradingDay, reason: message },
          'day failed and is left out',
        );
        report.failed.push({ tradingDay, error: message });
      }
      if (request.endsRun?.(error)) {
        report.complete = false;
        break;
      }
    }
    request.onProgress?.({ done: index + 1, total: days.length, rows });
  }
  ahead.stop();
  await publishing.settle();
  report.absentSymbols = [...(absent ?? [])];
  return report;
}

/** Reads and parses the next days while the one before them is written. */
class ReadAhead {
  private readonly days: readonly AvailableDay[];
  private readonly request: BackfillRequest;
  private readonly known: ReadonlyMap<string, string>;
  private readonly started = new Map<number, Promise<Delivery | 'known'>>();
  private readonly stopped = new AbortController();

  constructor(days: readonly AvailableDay[], request: BackfillRequest, known: ReadonlyMap<string, string>) {
    this.days = days;
    this.request = request;
    this.known = known;
  }

  async take(index: number): Promise<Delivery | 'known'> {
    const through = Math.min(this.days.length - 1, index + (this.request.readAhead ?? 2));
    for (let next = index; next <= through; next++) {
      if (this.started.has(next)) continue;
      const reading = this.read(this.days[next] as AvailableDay);
      // Whoever takes it hears of the failure; until then it must not count as unhandled.
      reading.catch(() => {});
      this.started.set(next, reading);
    }
    const taken = this.started.get(index) as Promise<Delivery | 'known'>;
    this.started.delete(index);
    return await taken;
  }

  /** Nothing that is being read is wanted any more. */
  stop(): void {
    this.stopped.abort();
  }

  private async read(day: AvailableDay): Promise<Delivery | 'known'> {
    if (isWeekend(day.tradingDay)) throw new NoSessionError(day.tradingDay);
    const before = this.known.get(day.tradingDay);
    if (before !== undefined && day.fingerprint !== undefined) {
      const fingerprint = await day.fingerprint();
      const pruned = prunedFingerprint(fingerprint);
      if (before === pruned || (before === fingerprint && this.request.prune !== true)) return 'known';
    }
    return await day.read(AbortSignal.any([this.request.signal, this.stopped.signal]));
  }
}

/** Events of many days fill a request; a subscriber that waits for the first of them can wait this long. */
const publishEveryMs = 250;

/** Runs `publish` beside the work, for all that was written since it ran last. */
function keepPublishing(publish: () => Promise<unknown>) {
  const settling = new AbortController();
  let poked = false;
  let running: Promise<void> | undefined;
  const run = async () => {
    while (poked) {
      await sleep(publishEveryMs, undefined, { signal: settling.signal }).catch(() => {});
      poked = false;
      await publish();
    }
  };
  const poke = () => {
    poked = true;
    running ??= run()
      // What is not sent stays in the outbox for the next call; the last one, in settle, tells of its failure.
      .catch(() => {})
      .finally(() => {
        running = undefined;
      });
  };
  return {
    poke,
    /** Resolves when all is published that was written. */
    async settle() {
      settling.abort();
      await running;
      // All at once now, also what an earlier call could not send.
      await publish();
    },
  };
}

function emptyReport({ days, from, to }: BackfillRequest): BackfillReport {
  const there = new Set(days.map((day) => day.tradingDay));
  const [first, last] = [from ?? days[0]?.tradingDay, to ?? days.at(-1)?.tradingDay];
  return {
    correlationId: randomUUID(),
    ingested: 0,
    skipped: 0,
    events: 0,
    received: 0,
    inserted: 0,
    corrected: 0,
    unchanged: 0,
    missing: 0,
    deleted: 0,
    quarantined: 0,
    quarantinedByReason: {},
    missingDays: first && last ? sessionsBetween(first, last).filter((day) => !there.has(day)) : [],
    absentSymbols: [],
    noSessions: days.map((day) => day.tradingDay).filter((day) => isKnownClosure(day) && !isWeekend(day)),
    notYet: [],
    failed: [],
    complete: true,
  };
}

/** The symbols asked for, without those that the delivery has a row of, good or bad. */
function withoutThoseOf(
  { selection, bars, quarantined }: Delivery,
  absent: Set<string> | undefined,
): Set<string> | undefined {
  if (selection === undefined) return absent;
  const left = absent ?? new Set(selection);
  for (const { symbol } of [...bars, ...quarantined]) left.delete(symbol);
  return left;
}

function add(report: BackfillReport, day: IngestReport): void {
  report.ingested++;
  report.events += day.eventId === null ? 0 : 1;
  const counts = ['received', 'inserted', 'corrected', 'unchanged', 'missing', 'deleted'] as const;
  for (const name of counts) report[name] += day[name];
  for (const [reason, count] of Object.entries(day.quarantined)) {
    report.quarantined += count;
    report.quarantinedByReason[reason] = (report.quarantinedByReason[reason] ?? 0) + count;
  }
}
