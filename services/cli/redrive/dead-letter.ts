import type { Message } from '@aws-sdk/client-sqs';
import { deadLetterAttributes, withAllAttributes } from '../../shared/dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queues.ts';

export type DeadLetter = {
  readonly queue: DeadLetterQueue;
  /** With the attributes that it came with. */
  readonly message: Message;
  /** Why it is dead, for people. */
  readonly reason: string;
  /** It broke its contract: moved back, it comes back, unless its reader has changed. */
  readonly poison: boolean;
  /** When it came into this queue, or into the one before it: SQS keeps the first time when it moves a message. */
  readonly sentAt: Date;
  /** What can be read of the event in it; null where its body is no event. */
  readonly detailType: string | null;
  readonly eventId: string | null;
  readonly correlationId: string | null;
};

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
const ruleAttributes = [
  'RULE_ARN',
  'TARGET_ARN',
  'ERROR_CODE',
  'ERROR_MESSAGE',
  'EXHAUSTED_RETRY_CONDITION',
  'RETRY_ATTEMPTS',
];

/** Attributes that tell of the death, and did not belong to the message before. */
export const obituary: ReadonlySet<string> = new Set([
  ...Object.values(deadLetterAttributes),
  ...ruleAttributes,
]);

/** Reads what a dead-letter queue says of a message. */
export function readDeadLetter(queue: DeadLetterQueue, message: Message): DeadLetter {
  const poisonReason = attribute(message, deadLetterAttributes.reason);
  return {
    queue,
    message: withAllAttributes(message),
    reason: poisonReason ?? undelivered(message) ?? 'its handler failed each time that it was received',
    poison: poisonReason !== undefined,
    sentAt: new Date(Number(message.Attributes?.SentTimestamp ?? 0)),
    ...readEvent(message.Body ?? ''),
  };
}

function undelivered(message: Message): string | undefined {
  const code = attribute(message, 'ERROR_CODE');
  if (code === undefined) return undefined;
  const attempts = attribute(message, 'RETRY_ATTEMPTS');
  return [
    `EventBridge could not deliver it: ${code}`,
    attribute(message, 'ERROR_MESSAGE'),
    attempts && `${attempts} retries`,
    attribute(message, 'EXHAUSTED_RETRY_CONDITION'),
  ]
    .filter(Boolean)
    .join(', ');
}

function attribute(message: Message, name: string): string | undefined {
  return message.MessageAttributes?.[name]?.StringValue;
}

function readEvent(body: string): Pick<DeadLetter, 'detailType' | 'eventId' | 'correlationId'> {
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const envelope = parse(body);
  const metadata = envelope?.detail?.metadata;
  return {
    detailType: text(envelope?.['detail-type']),
    eventId: text(metadata?.id),
    correlationId: text(metadata?.correlationId),
  };
}

type Legible = {
  'detail-type'?: unknown;
  detail?: { metadata?: { id?: unknown; correlationId?: unknown } | null } | null;
};

function parse(body: string): Legible | null {
  try {
    return JSON.parse(body) as Legible | null;
  } catch {
    // That it is no JSON is what it died of.
    return null;
  }
}
