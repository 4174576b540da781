/**
 * Replay from bronze: trading days are told again, each in one transaction.
 *
 *     day    lock its symbols ─▶ ops.change and ops.invalidation, reason replay ─▶ BarsIngested into the outbox
 *
 * The replay's id is the correlation id of all that, so what ops.change has under it is done, and a replay that was stopped or
 * killed goes on behind it. Its first change says what was asked for, and nothing else is taken for the same replay.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventOf } from '../../../events/any-event.ts';
import { newEvent } from '../../../events/new-event.ts';
import { invalidateForReplay, symbolsOfDay } from '../../../sql/queries/invalidate-day.ts';
import { isChangeStored } from '../../../sql/queries/is-change-stored.ts';
import { lockSymbols } from '../../../sql/queries/lock-symbols.ts';
import {
  deliveredDays,
  type ReplayRange,
  replayBegunWith,
  replayedDays,
} from '../../../sql/queries/replay-days.ts';
import { unknownSymbols } from '../../../sql/queries/unknown-symbols.ts';
import type { Database } from '../../shared/database.ts';
import { writeOutbox } from '../../shared/outbox.ts';
import { assertSameReplay } from './assert-same-replay.ts';

export type ReplayDeps = {
  readonly db: Database;
  /** Sends what the outbox holds to the bus. */
  readonly publish: () => Promise<unknown>;
};

export type ReplayRequest = {
  /** A uuid. The same again goes on where that replay stopped; a new one replays all days again. */
  readonly id: string;
  /** First and last trading day. */
  readonly from: string;
  readonly to: string;
  /** Every symbol with a bar on the day if absent. */
  readonly symbols?: readonly string[] | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
};

export type Replayed = {
  /** Days in the range that some source delivered. */
  readonly days: number;
  /** Of these, done by an earlier run of the same replay. */
  readonly doneBefore: number;
  /** Of these, without a bar of the symbols. */
  readonly empty: number;
  readonly events: number;
  /** Ids of the changes that were written. */
  readonly changeIds: readonly string[];
  /** Asked for, but nothing is stored for them. */
  readonly unknown: readonly string[];
  /** The last day that was looked at; null if none was. */
  readonly last: string | null;
  /** False when it was stopped before the last day. */
  readonly complete: boolean;
};

/** As BarsIngested lists at most; beyond, it means every symbol with a bar on that day. */
const maxListedSymbols = 1_000;
/** At most 50 days a second, which the dispatcher takes off its queue faster than they come: a live event waits behind few. */
const shortestPauseMs = 20;

/**
 * Replays days in order. After each it rests for as long as the day took, so that writers who wait for its symbols, and live
 * events, get their turn.
 * @throws {UsageError} if the replay was begun with other symbols, or with days that are left out now.
 */
export async function replayDays({ db, publish }: ReplayDeps, request: ReplayRequest): Promise<Replayed> {
  const { id, from, to, symbols = null, signal } = request;
  const range: ReplayRange = { from, to, symbols };
  const [days, done, begun, unknown] = await db.repeat(async (client) => [
    await deliveredDays(client, request),
    await replayedDays(client, id),
    await replayBegunWith(client, id),
    await unknownSymbols(client, symbols ?? []),
  ]);
  if (begun) assertSameReplay(id, begun, range);
  let begins = done.size === 0;
  const changeIds: string[] = [];
  const counts = { doneBefore: 0, empty: 0 };
  let last: string | null = null;
  for (const [index, day] of days.entries()) {
    if (signal.aborted) break;
    if (done.has(day)) counts.doneBefore++;
    else {
      const startedMs = performance.now();
      const written = await replayDay(db, day, { id, range, begins });
      changeIds.push(...written);
      if (written.length > 0) begins = false;
      if (written.length === 0) counts.empty++;
      else await publish();
      const pauseMs = Math.max(shortestPauseMs, performance.now() - startedMs);
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
    }
    last = day;
    request.onProgress?.(index + 1, days.length);
  }
  return {
    days: days.length,
    ...counts,
    events: changeIds.length,
    changeIds,
    unknown,
    last,
    complete: last === (days.at(-1) ?? null),
  };
}

/** One change and one event for each source of the day's symbols. Returns the ids of the changes. */
async function replayDay(
  db: Database,
  tradingDay: string,
  { id, range, begins }: { readonly id: string; readonly range: ReplayRange; readonly begins: boolean },
): Promise<string[]> {
  let firstEventId: string | undefined;
  return await db.transaction(
    async (client) => {
      firstEventId = undefined;
      const states = await lockSymbols(client, await symbolsOfDay(client, tradingDay, range.symbols));
      const changeIds: string[] = [];
      const events: EventOf<'BarsIngested'>[] = [];
      for (const [source, ofSource] of Map.groupBy(states, (state) => state.source)) {
        const names = ofSource.map((state) => state.symbol);
        const event = dayEvent({ replayId: id, tradingDay, source, symbols: names });
        const eventId = event.detail.metadata.id;
        firstEventId ??= eventId;
        const day = { eventId, correlationId: id, source, tradingDay, throughDate: tradingDay };
        const first = begins && changeIds.length === 0;
        changeIds.push(
          await invalidateForReplay(client, { ...day, ...(first && { request: range }) }, names),
        );
        events.push(event);
      }
      await writeOutbox(client, events);
      return changeIds;
    },
    // Without a change of its own it left nothing that a repetition would double.
    {
      committed: async (client) => firstEventId !== undefined && (await isChangeStored(client, firstEventId)),
    },
  );
}

function dayEvent(day: {
  replayId: string;
  tradingDay: string;
  source: string;
  symbols: readonly string[];
}): EventOf<'BarsIngested'> {
  const { replayId, tradingDay, source, symbols } = day;
  return newEvent('BarsIngested', {
    id: randomUUID(),
    data: {
      tradingDay,
      source,
      bars: symbols.length,
      inserted: 0,
      corrected: 0,
      deleted: 0,
      unchanged: symbols.length,
      quarantined: 0,
      ...(symbols.length <= maxListedSymbols && { symbols: [...symbols] }),
    },
    cause: 'replay',
    correlationId: replayId,
    producer: 'cli',
    idempotencyKey: `bars-ingested:replay:${replayId}:${source}:${tradingDay}`,
  });
}
