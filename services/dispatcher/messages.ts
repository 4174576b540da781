import type { BarsIngested } from '../../events/bars-ingested.ts';
import type { BarsRestated } from '../../events/bars-restated.ts';
import {
  type BatchJobStateChange,
  batchJobStateChange,
  parseBatchJobStateChange,
} from '../../events/batch-job-state-change.ts';
import { parseEnvelope, parseEvent } from '../../events/parse.ts';
import type { ReceivedMessage } from '../shared/handle-batch.ts';
import { PoisonMessageError } from '../shared/poison-message-error.ts';

export type DispatcherMessage =
  | { readonly kind: 'bars'; readonly key: string; readonly detail: BarsIngested | BarsRestated }
  /** An event that a replay of the archive sends again. */
  | { readonly kind: 'replayed'; readonly key: string; readonly detail: BarsIngested | BarsRestated }
  | { readonly kind: 'job'; readonly change: BatchJobStateChange };

/**
 * Reads a message of the dispatcher's queue.
 * @throws {ContractError} if it breaks its contract.
 * @throws {PoisonMessageError} if it is of a kind that nobody here waits for.
 */
export function parseMessage({ body }: Pick<ReceivedMessage, 'body'>): DispatcherMessage {
  const envelope = parseEnvelope(body);
  if (
    envelope.source === batchJobStateChange.source &&
    envelope.detailType === batchJobStateChange.detailType
  ) {
    return { kind: 'job', change: parseBatchJobStateChange(envelope.detail) };
  }
  const event = parseEvent(envelope.detailType, envelope.detail);
  if (event.detailType !== 'BarsIngested' && event.detailType !== 'BarsRestated') {
    throw new PoisonMessageError(
      `The dispatcher takes BarsIngested, BarsRestated and Batch Job State Change, not ${event.detailType}: check the rule's pattern`,
    );
  }
  const { idempotencyKey } = event.detail.metadata;
  if (envelope.replayName === null) return { kind: 'bars', key: idempotencyKey, detail: event.detail };
  // A replay by another name is a wish of its own.
  return { kind: 'replayed', key: `${idempotencyKey} ${envelope.replayName}`, detail: event.detail };
}
