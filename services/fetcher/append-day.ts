/**
 * The transaction that appends one day of a backfill, where all its bars are newer than what is stored: with the same invariant as
 * `ingestDay`, of which it is the short way.
 *
 *     symbols   lock and advance, in order ─▶ bars (COPY) ─▶ what is still pending of earlier days? ─▶ note the others
 */
import { advanceSymbols } from '../../sql/queries/advance-symbols.ts';
import { insertMissingSymbols } from '../../sql/queries/insert-missing-symbols.ts';
import { insertQuarantine } from '../../sql/queries/insert-quarantine.ts';
import { isChangeStored } from '../../sql/queries/is-change-stored.ts';
import { keyOrderPlans } from '../../sql/queries/plan-by-index.ts';
import { reachesDay } from '../../sql/queries/reaches-day.ts';
import { recordIngest } from '../../sql/queries/record-ingest.ts';
import type { Database } from '../shared/database.ts';
import type { BackfillMemory, NotedDay } from './backfill-memory.ts';
import type { Delivery } from './bar.ts';
import { symbolsLiteral } from './bar-columns.ts';
import { appendBars } from './change-bronze.ts';
import type { IngestOptions } from './ingest-day.ts';
import { toRecord } from './ingest-record.ts';
import { type IngestReport, toReport } from './ingest-report.ts';

/** Whether the day may be noted once for all days of its backfill. A night is not: it is to be merged into silver by itself. */
export function isPartOfHistory(
  memory: BackfillMemory | undefined,
  { bars }: Delivery,
  { cause, prune }: IngestOptions,
): boolean {
  return memory !== undefined && bars.length >= memory.fewestBars && cause === 'backfill' && prune !== true;
}

class NotAllAppendableError extends Error {
  override name = 'NotAllAppendableError';
}

/**
 * Returns undefined, with nothing written, unless every bar of the day can be appended, and none can be stored that it lacks, as
 * no series of its source reaches the day.
 */
export async function appendDay(
  { db, memory }: { readonly db: Database; readonly memory: BackfillMemory },
  delivery: Delivery,
  options: IngestOptions,
): Promise<IngestReport | undefined> {
  if (memory.isEmpty || !isPartOfHistory(memory, delivery, options)) return undefined;
  const { source, tradingDay, adjusted, bars, selection = null } = delivery;
  const inOrder = bars.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));
  const symbols = symbolsLiteral(inOrder);
  let eventId = '';
  let noted: NotedDay | undefined;
  try {
    const report = await db.transaction(
      async (client) => {
        if (await reachesDay(client, { source, tradingDay, selection })) throw new NotAllAppendableError();
        if (!bars.every(({ symbol }) => memory.known.has(symbol))) {
          await insertMissingSymbols(client, { symbols, source, adjusted });
        }
        const advanced = await advanceSymbols(client, { symbols, tradingDay, source, adjusted });
        if (advanced < bars.length) throw new NotAllAppendableError();
        await appendBars(client, tradingDay, inOrder);
        await insertQuarantine(client, source, tradingDay, delivery.quarantined);
        const pending = await memory.stillNoted(client);
        const appended = inOrder.map(({ symbol }) => symbol);
        const unnoted = appended.filter((symbol) => !pending.has(symbol));
        const outcome = {
          inserted: appended,
          corrected: [],
          deleted: [],
          missing: [],
          quarantined: delivery.quarantined,
        };
        const day = {
          source,
          tradingDay,
          fingerprint: delivery.fingerprint,
          bars: bars.length,
          quarantined: delivery.quarantined.length,
        };
        const record = toRecord(delivery, outcome, {
          options,
          day,
          advance: null,
          noted: unnoted.map((symbol) => ({ symbol, reason: 'appended' })),
        });
        noted = { ...(await recordIngest(client, record)), symbols: unnoted };
        eventId = record.event.eventId;
        return toReport(delivery, outcome, eventId);
      },
      { settings: keyOrderPlans, committed: (client) => isChangeStored(client, eventId) },
    );
    memory.remember(bars, noted);
    return report;
  } catch (error) {
    if (error instanceof NotAllAppendableError) return undefined;
    throw error;
  }
}
