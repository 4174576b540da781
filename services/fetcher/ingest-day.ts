/**
 * The transaction that takes one delivery into bronze. Its invariant: bronze, the symbols' state, the invalidations, the
 * quarantine and the event commit together or not at all, and a row that is stored already writes nothing.
 *
 *     symbols   make missing rows ─▶ lock all, in order ─▶ ┬ newer than the last bar ─▶ append (COPY)
 *                                                          └ else: compare ─▶ insert, correct, or nothing
 */
import { randomUUID } from 'node:crypto';
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
import { upsertTradingDay } from '../../sql/queries/upsert-trading-day.ts';
import type { Client, Database } from '../shared/database.ts';
import { writeOutbox } from '../shared/outbox.ts';
import type { Bar, Delivery, Quarantined } from './bar.ts';
import { symbolsLiteral, toBarColumns, toCopyLines } from './bar-columns.ts';
import { type DayOutcome, type IngestReport, toReport } from './ingest-report.ts';
import { SeriesConflictError } from './series-conflict-error.ts';

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
/** Below, an insert takes one round trip and a COPY more. */
const minCopyRows = 100;

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
  for (const { symbol } of delivery.bars) known.add(symbol);
  return report;
}

type Judged = {
  readonly appendable: readonly Bar[];
  readonly others: readonly Bar[];
  readonly tooOld: readonly Quarantined[];
  /** Stored bars that the delivery lacks, and that are to be deleted. */
  readonly pruned: readonly string[];
  readonly missing: readonly string[];
};

/** Locks the symbols and sorts their bars: under the lock a symbol's state is exact, so most need no look at bronze. */
async function lockAndJudge(
  client: Client,
  delivery: Delivery,
  { prune = false, firstDelivery = false }: IngestOptions,
  known: ReadonlySet<string>,
): Promise<Judged> {
  const { tradingDay, source, adjusted, bars } = delivery;
  const lacking = firstDelivery ? [] : await findMissing(client, delivery);
  const pruned = prune ? lacking : [];
  const sorted = [...bars, ...pruned.map((symbol) => ({ symbol }))].toSorted((a, b) =>
    a.symbol < b.symbol ? -1 : 1,
  );
  const symbols = symbolsLiteral(sorted);
  if (!bars.every(({ symbol }) => known.has(symbol))) {
    await insertMissingSymbols(client, { symbols, source, adjusted });
  }
  const exceptions = await lockDeliveredSymbols(client, { symbols, tradingDay, source, adjusted });
  const conflicts = exceptions.filter((each) => each.conflict);
  if (conflicts.length > 0) throw new SeriesConflictError(conflicts, { source, adjusted });
  const bySymbol = new Map(exceptions.map((each) => [each.symbol, each]));
  const isTooOld = (bar: Bar) => bySymbol.get(bar.symbol)?.beforeRetention === true;
  return {
    appendable: bars.filter((bar) => !bySymbol.has(bar.symbol)),
    others: bars.filter((bar) => bySymbol.has(bar.symbol) && !isTooOld(bar)),
    tooOld: bars.filter(isTooOld).map(asTooOld),
    pruned,
    missing: prune ? [] : lacking,
  };
}

/** A row that is there but bad must not cost the good bar stored before, so it is not missing. */
async function findMissing(client: Client, delivery: Delivery): Promise<string[]> {
  const { tradingDay, source, selection, bars, quarantined } = delivery;
  return await findMissingBars(client, {
    source,
    tradingDay,
    delivered: [...bars, ...quarantined].map((row) => row.symbol.replaceAll('\0', '')),
    selection: selection ? [...selection] : null,
  });
}

function asTooOld({ position, symbol, open, high, low, close, volume }: Bar): Quarantined {
  const row = [symbol, open, high, low, close, volume].join(',');
  return { position, symbol, row, reason: 'before_retention' };
}

type Outcome = DayOutcome & { readonly appended: readonly string[] };

async function changeBronze(client: Client, delivery: Delivery, judged: Judged): Promise<Outcome> {
  const { tradingDay } = delivery;
  const { appendable, others, pruned } = judged;
  if (appendable.length >= minCopyRows) await copyBarsIn(client, toCopyLines(appendable, tradingDay));
  else if (appendable.length > 0) await insertBars(client, tradingDay, toBarColumns(appendable));
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

async function quarantine(
  client: Client,
  { source, tradingDay }: Delivery,
  rows: readonly Quarantined[],
): Promise<number> {
  return rows.length > 0 ? await insertQuarantine(client, source, tradingDay, rows) : 0;
}

/** Records the change, invalidates what it touched, and stores the event. Returns the event's id. */
async function tell(
  client: Client,
  delivery: Delivery,
  outcome: Outcome,
  judged: Judged,
  { cause, correlationId }: IngestOptions,
): Promise<string> {
  const { tradingDay, source, adjusted } = delivery;
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
  const event = newEvent('BarsIngested', {
    id: eventId,
    data: {
      tradingDay,
      source,
      bars: report.inserted + report.corrected + report.unchanged,
      ...counts,
      ...(symbols.length > 0 && symbols.length <= maxListedSymbols && { symbols }),
    },
    cause,
    correlationId,
    producer: 'fetcher',
    // Not the content's: the same content may come back after a correction, and is a change again.
    idempotencyKey: `bars-ingested:${source}:${tradingDay}:${eventId}`,
  });
  const { id: changeId, intervals } = await insertChange(client, {
    eventId,
    kind: 'ingest',
    cause,
    source,
    tradingDay,
    correlationId,
    counts,
  });
  if (outcome.appended.length > 0) {
    const appended = symbolsLiteral(judged.appendable);
    await noteAppended(client, { symbols: appended, tradingDay, source, adjusted, changeId, intervals });
  }
  const appended = new Set(outcome.appended);
  const others = [
    ...outcome.inserted
      .filter((symbol) => !appended.has(symbol))
      .map((symbol) => ({ symbol, change: 'inserted' as const })),
    ...outcome.corrected.map((symbol) => ({ symbol, change: 'corrected' as const })),
    ...outcome.deleted.map((symbol) => ({ symbol, change: 'deleted' as const })),
  ];
  if (others.length > 0) await insertInvalidations(client, tradingDay, changeId, others);
  await writeOutbox(client, [event]);
  return eventId;
}

/** A day that was taken in without pruning is not done when it is to be pruned. */
export function prunedFingerprint(fingerprint: string): string {
  return `${fingerprint} pruned`;
}
