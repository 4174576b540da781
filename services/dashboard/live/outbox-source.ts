import { setTimeout as sleep } from 'node:timers/promises';
import { parseEvent } from '../../../events/parse.ts';
import { readSilverEvents, type WrittenEvent } from '../../../sql/queries/read-silver-events.ts';
import type { Logger } from '../../shared/logger.ts';
import type { Read } from '../reads/read-only.ts';
import { afterLook, type OutboxCursor } from './outbox-cursor.ts';
import type { SilverListener, SilverSource } from './silver-source.ts';

export type OutboxSourceDeps = {
  readonly read: Read;
  readonly logger: Logger;
  readonly everyMs?: number;
};

/** Beyond, pages read everything again: that takes less than so many events. */
const mostRows = 5_000;
const mostWaitMs = 30_000;

/** undefined: nothing is known yet. `seen` has the ids above `cursor.low` that were told. */
type Known = { readonly cursor: OutboxCursor; readonly seen: ReadonlySet<string> } | undefined;

/**
 * Reads the events where the resampler writes them, for a database whose bus is out of reach. Rows stay there long after they
 * were published.
 */
export function outboxSource(deps: OutboxSourceDeps): SilverSource {
  const { logger, everyMs = 1_000 } = deps;
  return {
    async start(listener) {
      const stopping = new AbortController();
      const { signal } = stopping;
      let known = await look(deps, undefined, listener);
      async function watch(): Promise<void> {
        let waitMs = everyMs;
        while (!signal.aborted) {
          await sleep(waitMs, undefined, { signal }).catch(() => {});
          if (signal.aborted) return;
          try {
            known = await look(deps, known, listener);
            waitMs = everyMs;
          } catch (error) {
            waitMs = Math.min(mostWaitMs, waitMs * 2);
            if (!signal.aborted)
              logger.warn({ err: error, waitMs }, 'the outbox cannot be read, trying again');
          }
        }
      }
      const watching = watch();
      return {
        async stop() {
          stopping.abort();
          await watching;
        },
      };
    },
  };
}

/** Tells of the events that no look has seen; the first look tells of none. */
async function look(
  { read, logger }: OutboxSourceDeps,
  known: Known,
  listener: SilverListener,
): Promise<Known> {
  const { view, after, events } = await read((client) =>
    readSilverEvents(client, known?.cursor.low ?? null, mostRows),
  );
  if (known && events.length === mostRows) {
    // In this order: what pages read after they were told is what the next look begins with, or later.
    const anew = await look({ read, logger }, undefined, listener);
    listener.lose();
    return anew;
  }
  for (const event of events) {
    if (!known || known.seen.has(event.id)) continue;
    try {
      listener.hear(silverIn(event));
    } catch (error) {
      logger.warn({ err: error, outboxId: event.id }, 'an event cannot be shown');
    }
  }
  const cursor = afterLook(known?.cursor ?? { low: after, marks: [] }, view);
  const above = events.filter(({ id }) => BigInt(id) > BigInt(cursor.low));
  return { cursor, seen: new Set(above.map(({ id }) => id)) };
}

/** @throws {ContractError} of a version that this program does not know. */
function silverIn({ detail }: WrittenEvent) {
  const event = parseEvent('SilverUpdated', detail);
  if (event.detailType === 'SilverUpdated') return event.detail;
  throw new TypeError(`${event.detailType} is no SilverUpdated`);
}
