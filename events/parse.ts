import { type AnyEvent, contracts, isDetailType } from './any-event.ts';
import { checkContract } from './check-contract.ts';
import { ContractError } from './contract-error.ts';
import type { EventContract } from './event-contract.ts';
import { validateEnvelopeV1 } from './generated/validators.js';
import { refuseNul } from './refuse-nul.ts';

/** An event as EventBridge delivers it to a queue, its detail not yet checked. */
export type Envelope = {
  /** EventBridge's id of this delivery; not metadata.id. */
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly region: string;
  /** null: an emulator that does not say it. */
  readonly account: string | null;
  readonly resources: readonly string[];
  /** Name of the archive replay that sends it again; null on the first delivery. */
  readonly replayName: string | null;
  readonly detail: unknown;
};

/**
 * Checks the detail of one of our events. The detail is returned as it is, with fields that we do not know.
 * @throws {ContractError} if the detail-type or the schemaVersion is unknown, or the detail breaks its schema or holds U+0000.
 */
export function parseEvent(detailType: string, detail: unknown): AnyEvent {
  if (!isDetailType(detailType)) {
    throw new ContractError(
      `detail-type ${JSON.stringify(detailType)} is unknown: known are ${Object.keys(contracts).join(', ')}`,
    );
  }
  const contract: EventContract<AnyEvent['detail']> = contracts[detailType];
  const version = schemaVersionOf(detail);
  // Without a version the newest schema says what is missing or wrong.
  const validate = contract.versions[typeof version === 'number' ? version : contract.currentVersion];
  if (!validate) {
    throw new ContractError(
      `${detailType} metadata.schemaVersion is ${String(version)}: known are ${Object.keys(contract.versions).join(', ')}`,
    );
  }
  checkContract(detailType, validate, detail);
  refuseNul(detailType, detail);
  return { detailType, detail } as AnyEvent;
}

/**
 * Reads the body of a queue message: the EventBridge envelope, of our events as well as of AWS services.
 * @throws {ContractError} if it is no JSON or no envelope.
 */
export function parseEnvelope(body: string | undefined): Envelope {
  const envelope = parseJson(body ?? '');
  checkContract('Envelope', validateEnvelopeV1, envelope);
  refuseNul('Envelope replay-name', envelope['replay-name']);
  return {
    id: envelope.id,
    source: envelope.source,
    detailType: envelope['detail-type'],
    time: envelope.time,
    region: envelope.region,
    account: envelope.account ?? null,
    resources: envelope.resources,
    replayName: envelope['replay-name'] ?? null,
    detail: envelope.detail,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ContractError(`The message body is no JSON: ${(cause as Error).message}`, { cause });
  }
}

function schemaVersionOf(detail: unknown): unknown {
  return (detail as { metadata?: { schemaVersion?: unknown } } | null | undefined)?.metadata?.schemaVersion;
}
