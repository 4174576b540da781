import {
  DeleteMessageCommand,
  type Message,
  type MessageAttributeValue,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

export type DeadLetterDeps = {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
};

/** Attributes that a dead letter has besides those it came with; `more` holds those that found no room beside these, as JSON. */
export const deadLetterAttributes = {
  reason: 'PoisonReason',
  messageId: 'PoisonMessageId',
  more: 'PoisonMoreAttributes',
} as const;
const ownNames: ReadonlySet<string> = new Set(Object.values(deadLetterAttributes));

/**
 * SQS takes 10 attributes a message.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const maxAttributes = 10;
/** Enough to read; attributes count towards the size of a message. */
const maxReasonLength = 1_000;

/**
 * Sends a message to the dead-letter queue as it came, with the reason as an attribute, and then deletes it.
 * A crash in between leaves it in both queues: better twice than lost.
 */
export async function deadLetter(deps: DeadLetterDeps, message: Message, reason: string): Promise<void> {
  const original = Object.entries(withAllAttributes(message).MessageAttributes ?? {});
  await deps.sqs.send(
    new SendMessageCommand({
      QueueUrl: deps.deadLetterQueueUrl,
      MessageBody: message.Body,
      MessageAttributes: {
        ...inRoom(original, maxAttributes - 2),
        [deadLetterAttributes.reason]: text(reason.slice(0, maxReasonLength) || 'no reason given'),
        [deadLetterAttributes.messageId]: text(message.MessageId ?? 'unknown'),
      },
    }),
  );
  await deps.sqs.send(
    new DeleteMessageCommand({ QueueUrl: deps.queueUrl, ReceiptHandle: message.ReceiptHandle }),
  );
}

/** A dead letter with all the attributes that it came with, and without ours. */
export function withAllAttributes(message: Message): Message {
  const attributes = message.MessageAttributes ?? {};
  const kept = Object.entries(attributes).filter(([name]) => !ownNames.has(name));
  const more = unpack(attributes[deadLetterAttributes.more]?.StringValue ?? '{}');
  return { ...message, MessageAttributes: { ...Object.fromEntries(kept), ...more } };
}

type Attributes = Record<string, MessageAttributeValue>;

/** As they are where they fit; otherwise the last ones in one attribute of their own. */
function inRoom(attributes: [string, MessageAttributeValue][], room: number): Attributes {
  if (attributes.length <= room) return Object.fromEntries(attributes);
  const first = Object.fromEntries(attributes.slice(0, room - 1));
  return { ...first, [deadLetterAttributes.more]: text(pack(attributes.slice(room - 1))) };
}

type Packed = { readonly type?: string; readonly text?: string; readonly base64?: string };

function pack(attributes: [string, MessageAttributeValue][]): string {
  const packed = attributes.map(([name, { DataType, StringValue, BinaryValue }]): [string, Packed] => [
    name,
    {
      ...(DataType !== undefined && { type: DataType }),
      ...(StringValue !== undefined && { text: StringValue }),
      ...(BinaryValue && { base64: Buffer.from(BinaryValue).toString('base64') }),
    },
  ]);
  return JSON.stringify(Object.fromEntries(packed));
}

function unpack(json: string): Attributes {
  try {
    const packed = Object.entries(JSON.parse(json) as Record<string, Packed>);
    return Object.fromEntries(
      packed.map(([name, { type, text: StringValue, base64 }]) => [
        name,
        {
          DataType: type,
          ...(StringValue !== undefined && { StringValue }),
          ...(base64 !== undefined && { BinaryValue: Uint8Array.from(Buffer.from(base64, 'base64')) }),
        },
      ]),
    );
  } catch {
    // Somebody else's attribute of that name.
    return {};
  }
}

function text(StringValue: string) {
  return { DataType: 'String', StringValue };
}
