import { randomUUID } from 'node:crypto';
import { contracts, type DetailByType, type DetailType, type EventOf } from './any-event.ts';
import type { Cause, Producer } from './metadata.ts';
import { parseEvent } from './parse.ts';

export type NewEvent<T extends DetailType> = {
  readonly data: DetailByType[T]['data'];
  /** Shared by everything that one fetch, backfill, correction or replay set off. */
  readonly correlationId: string;
  /** metadata.id of the event that caused this one. */
  readonly causationId?: string | null;
  readonly cause: Cause;
  readonly producer: Producer;
  /** Two events with the same key tell the same fact. */
  readonly idempotencyKey: string;
  /** Made before the transaction that stores the event, where its presence settles a lost answer to COMMIT. */
  readonly id?: string;
  /** An instant; now if absent. */
  readonly occurredAt?: Date;
};

/**
 * Makes an event that keeps its contract, with an id of its own.
 * @throws {ContractError} if it would not; the message names the field.
 */
export function newEvent<T extends DetailType>(detailType: T, event: NewEvent<T>): EventOf<T> {
  const detail = {
    metadata: {
      id: event.id ?? randomUUID(),
      occurredAt: (event.occurredAt ?? new Date()).toISOString(),
      correlationId: event.correlationId,
      causationId: event.causationId ?? null,
      idempotencyKey: event.idempotencyKey,
      producer: event.producer,
      schemaVersion: contracts[detailType].currentVersion,
      cause: event.cause,
    },
    data: event.data,
  };
  return parseEvent(detailType, detail) as EventOf<T>;
}
