import type { AnyEvent } from '../../events/any-event.ts';
import { eventSource } from '../../events/event-source.ts';
import { insertOutbox, type OutboxInsert } from '../../sql/queries/insert-outbox.ts';
import type { Client } from './database.ts';

/**
 * Stores events in the caller's transaction: they are told if and only if it commits.
 * After the commit, `publishOutbox` sends them.
 */
export async function writeOutbox(client: Client, events: readonly AnyEvent[]): Promise<void> {
  if (events.length > 0) await insertOutbox(client, outboxRows(events));
}

/** Events as ops.outbox stores them. */
export function outboxRows(events: readonly AnyEvent[]): OutboxInsert[] {
  return events.map(({ detailType, detail }) => ({
    eventId: detail.metadata.id,
    source: eventSource,
    detailType,
    detail: JSON.stringify(detail),
  }));
}
