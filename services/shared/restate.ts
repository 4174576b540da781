/**
 * The transaction of a change that somebody makes to history outside of deliveries. Its invariant: the change, the invalidations
 * and the events commit together or not at all, under the locks of all symbols concerned.
 *
 *     lock the symbols, in order ─▶ write ─▶ ops.change ─▶ ops.invalidation ─▶ BarsRestated into the outbox
 */
import { randomUUID } from 'node:crypto';
import type { Cause, Producer } from '../../events/metadata.ts';
import { newEvent } from '../../events/new-event.ts';
import { insertChange } from '../../sql/queries/insert-change.ts';
import { type Invalidation, insertInvalidations } from '../../sql/queries/insert-invalidations.ts';
import { insertMissingSymbols } from '../../sql/queries/insert-missing-symbols.ts';
import { isChangeStored } from '../../sql/queries/is-change-stored.ts';
import { lockAllSymbols } from '../../sql/queries/lock-all-symbols.ts';
import { lockSymbols, type SymbolState } from '../../sql/queries/lock-symbols.ts';
import type { Client, Database } from './database.ts';
import { writeOutbox } from './outbox.ts';

export type Restatement = {
  readonly kind: 'delete' | 'retention' | 'split' | 'rebuild';
  readonly cause: Cause;
  /** Who asks for it, 1 to 40 characters: `cli`, or the source of splits. */
  readonly source: string;
  readonly producer: Producer;
  /** The symbols to lock; all: every one, and none can be added meanwhile. */
  readonly symbols: readonly string[] | 'all';
  /** Make rows in ops.symbol for those that have none; otherwise they are left out. */
  readonly makeMissing?: boolean;
  /** The one day that it is about, if it is about one. */
  readonly tradingDay?: string;
  /** For ops.change.counts, beside the number of symbols. */
  readonly counts?: Readonly<Record<string, unknown>>;
  /** A uuid, where several restatements are of one request; otherwise it has one of its own. */
  readonly correlationId?: string;
};

export type Restated = {
  /** null: nothing changed, nothing was written. */
  readonly changeId: string | null;
  readonly correlationId: string;
  /** Ids of the events, which wait in the outbox. */
  readonly eventIds: readonly string[];
  /** Symbols whose bars are made again. */
  readonly symbols: readonly string[];
};

/** As BarsIngested lists at most; an event stays far below the 256 KB that EventBridge takes. */
const symbolsPerEvent = 1_000;
/** For an event's date when no bar is known: older than any. */
const beforeAllBars = '1900-01-01';

/**
 * Changes history, and tells of it. Call `publishOutbox` afterwards.
 * @param write makes the change under the locks and returns what it invalidates; null if it changed nothing. It may run again.
 */
export async function restate(
  db: Database,
  restatement: Restatement,
  write: (client: Client, states: readonly SymbolState[]) => Promise<readonly Invalidation[] | null>,
): Promise<Restated> {
  const { kind, cause, source, producer, tradingDay = null, correlationId = randomUUID() } = restatement;
  const eventId = randomUUID();
  let attempted: Restated | undefined;
  return await db.transaction(
    async (client) => {
      const states = await lock(client, restatement);
      // A COMMIT whose answer was lost may arrive after it was asked about; but not after the locks that it held are ours.
      if (attempted && (await isChangeStored(client, eventId))) return attempted;
      const invalidations = await write(client, states);
      if (invalidations === null) return { changeId: null, correlationId, eventIds: [], symbols: [] };
      const concerned = [...new Set(invalidations.map(({ symbol }) => symbol))].toSorted();
      const changeId = await insertChange(client, {
        eventId,
        kind,
        cause,
        source,
        tradingDay,
        correlationId,
        counts: { ...restatement.counts, symbols: concerned.length },
      });
      if (invalidations.length > 0) await insertInvalidations(client, changeId, invalidations);
      const firstDates = firstDatesOf(invalidations, states);
      const events = chunksOf(concerned).map((some, index) => {
        const id = index === 0 ? eventId : randomUUID();
        return newEvent('BarsRestated', {
          id,
          data: { symbols: some, reason: kind, fromDate: earliest(some, firstDates), source },
          cause,
          correlationId,
          causationId: index === 0 ? null : eventId,
          producer,
          idempotencyKey: `bars-restated:${kind}:${id}`,
        });
      });
      await writeOutbox(client, events);
      attempted = {
        changeId,
        correlationId,
        eventIds: events.map(({ detail }) => detail.metadata.id),
        symbols: concerned,
      };
      return attempted;
    },
    { committed: (client) => isChangeStored(client, eventId) },
  );
}

async function lock(
  client: Client,
  { symbols, makeMissing, source }: Restatement,
): Promise<readonly SymbolState[]> {
  if (symbols === 'all') return await lockAllSymbols(client);
  if (makeMissing) {
    const literal = `{${symbols.map((symbol) => `"${symbol}"`).join(',')}}`;
    await insertMissingSymbols(client, { symbols: literal, source, adjusted: false });
  }
  return await lockSymbols(client, symbols);
}

/** Per symbol the first day concerned, as a day. */
function firstDatesOf(
  invalidations: readonly Invalidation[],
  states: readonly SymbolState[],
): Map<string, string> {
  const firstBars = new Map(states.map((state) => [state.symbol, state.firstDate]));
  const dates = new Map<string, string>();
  for (const { symbol, fromDate } of invalidations) {
    const date = fromDate === '-infinity' ? (firstBars.get(symbol) ?? beforeAllBars) : fromDate;
    const known = dates.get(symbol);
    if (known === undefined || date < known) dates.set(symbol, date);
  }
  return dates;
}

function earliest(symbols: readonly string[], dates: ReadonlyMap<string, string>): string {
  return symbols
    .map((symbol) => dates.get(symbol) ?? beforeAllBars)
    .reduce((first, date) => (date < first ? date : first));
}

function chunksOf(symbols: readonly string[]): string[][] {
  const chunks: string[][] = [];
  for (let at = 0; at < symbols.length; at += symbolsPerEvent)
    chunks.push(symbols.slice(at, at + symbolsPerEvent));
  return chunks;
}
