import { parseEnvelope, parseEvent } from '../../events/parse.ts';
import type { SilverUpdated } from '../../events/silver-updated.ts';
import { readBars } from '../../sql/queries/read-bars.ts';
import type { SilverRow } from '../../sql/queries/write-silver.ts';
import type { Database } from '../shared/database.ts';
import type { Logger } from '../shared/logger.ts';
import { PoisonMessageError } from '../shared/poison-message-error.ts';

export type SubscriberDeps = {
  readonly db: Database;
  /** The same as in the rule's pattern: an event names other symbols too, and only these are meant. */
  readonly watched: ReadonlySet<string>;
  readonly logger: Logger;
  /** Takes each completed bar once. */
  readonly print: (bar: SilverRow, days: number) => void;
};

/** @throws {ContractError} if the message breaks its contract. */
export function parseMessage({ body }: { body: string }): SilverUpdated {
  const envelope = parseEnvelope(body);
  const event = parseEvent(envelope.detailType, envelope.detail);
  if (event.detailType !== 'SilverUpdated')
    throw new PoisonMessageError(`this queue takes SilverUpdated, not ${event.detailType}`);
  return event.detail;
}

/**
 * Makes a handler that prints each completed bar of the watched symbols once, although an event may come twice, late, or
 * after the next one: the event says where to look, and the table says what is there.
 */
export function createHandler({ db, watched, logger, print }: SubscriberDeps) {
  const printed = new Set<string>();
  return async (events: SilverUpdated[]): Promise<void> => {
    for (const { metadata, data } of events) {
      const { correlationId, id: eventId } = metadata;
      logger.info({ correlationId, eventId, interval: data.interval }, 'bars were completed');
      for (const symbol of data.completedSymbols.filter((each) => watched.has(each))) {
        const query = { symbol, days: data.interval, from: data.from ?? undefined, completeOnly: true };
        for (const bar of await db.withClient((client) => readBars(client, query))) {
          const key = JSON.stringify([data.interval, ...Object.values(bar)]);
          if (!printed.has(key)) print(bar, data.interval);
          printed.add(key);
        }
      }
    }
  };
}
