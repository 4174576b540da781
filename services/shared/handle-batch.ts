import { ChangeMessageVisibilityCommand, type Message } from '@aws-sdk/client-sqs';
import { ContractError } from '../../events/contract-error.ts';
import { correlationIdIn } from './correlation-id-in.ts';
import { type DeadLetterDeps, deadLetter } from './dead-letter.ts';
import type { Logger } from './logger.ts';
import { PoisonMessageError } from './poison-message-error.ts';

export type ReceivedMessage = {
  /** SQS's id: the same each time the message is received. */
  readonly id: string;
  readonly body: string;
  /** 1 the first time. */
  readonly receiveCount: number;
  readonly attributes: Readonly<Record<string, string | undefined>>;
};

export type Handling<T> = {
  /**
   * Reads one message. A ContractError or PoisonMessageError sends that message to the dead-letter queue;
   * its neighbours go on.
   */
  readonly parse: (message: ReceivedMessage) => T;
  /**
   * Works on parsed messages, in one call where possible. Returning acknowledges them all, throwing has them all received
   * again, and PoisonMessageError sends the message that it is about to the dead-letter queue. Must be safe to repeat,
   * and give up when `signal` aborts: its deadline is over, and others may be at work on the same messages soon.
   */
  readonly handle: (messages: T[], signal: AbortSignal) => Promise<void>;
  /** For each call of `handle`. */
  readonly handlerDeadlineMs: number;
  /** Seconds until a message whose handler threw is received again. */
  readonly retryDelaySeconds: (receiveCount: number) => number;
  /** When it aborts, no further call of `handle` begins: what is left stays hidden until its visibility times out. */
  readonly stopping: AbortSignal;
};

export type HandleDeps = DeadLetterDeps & { readonly logger: Logger };

type Parsed<T> = { readonly message: Message; readonly receiveCount: number; readonly value: T };

/** Handles one batch and returns the messages to acknowledge. Never throws: the rest is received again. */
export async function handleBatch<T>(
  deps: HandleDeps,
  handling: Handling<T>,
  messages: Message[],
): Promise<Message[]> {
  const parsed: Parsed<T>[] = [];
  for (const message of messages) {
    const receiveCount = Number(message.Attributes?.ApproximateReceiveCount ?? 1);
    try {
      parsed.push({ message, receiveCount, value: handling.parse(received(message, receiveCount)) });
    } catch (error) {
      await fail(deps, handling, [{ message, receiveCount }], error);
    }
  }
  // A message that has failed before is handled alone, so that it cannot drag its neighbours to the dead-letter queue.
  const fresh = parsed.filter(({ receiveCount }) => receiveCount <= 1);
  const groups = [fresh, ...parsed.filter(({ receiveCount }) => receiveCount > 1).map((each) => [each])];
  const done: Message[] = [];
  for (const group of groups) done.push(...(await handleGroup(deps, handling, group)));
  return done;
}

async function handleGroup<T>(
  deps: HandleDeps,
  handling: Handling<T>,
  group: Parsed<T>[],
): Promise<Message[]> {
  if (group.length === 0 || handling.stopping.aborted) return [];
  try {
    const values = group.map(({ value }) => value);
    await beforeDeadline(handling.handlerDeadlineMs, (signal) => handling.handle(values, signal));
    return group.map(({ message }) => message);
  } catch (error) {
    if (isPoison(error) && group.length > 1) {
      const done: Message[] = [];
      for (const each of group) done.push(...(await handleGroup(deps, handling, [each])));
      return done;
    }
    await fail(deps, handling, group, error);
    return [];
  }
}

/** The message of a poison error goes to the dead-letter queue; other messages are shown again after a while. */
async function fail<T>(
  deps: HandleDeps,
  handling: Handling<T>,
  failed: readonly { readonly message: Message; readonly receiveCount: number }[],
  error: unknown,
): Promise<void> {
  const poison = isPoison(error);
  for (const { message, receiveCount } of failed) {
    const about = {
      messageId: message.MessageId,
      receiveCount,
      correlationId: correlationIdIn(message.Body),
    };
    try {
      if (poison) {
        await deadLetter(deps, message, error.message);
        deps.logger.error({ ...about, reason: error.message }, 'Message sent to the dead-letter queue');
      } else {
        deps.logger.error({ ...about, err: error }, 'Handler failed: the message will be received again');
        await deps.sqs.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: deps.queueUrl,
            ReceiptHandle: message.ReceiptHandle,
            VisibilityTimeout: handling.retryDelaySeconds(receiveCount),
          }),
        );
      }
    } catch (cause) {
      deps.logger.warn({ ...about, err: cause }, 'The message stays hidden until its visibility times out');
    }
  }
}

function received(message: Message, receiveCount: number): ReceivedMessage {
  const attributes = Object.entries(message.MessageAttributes ?? {});
  return {
    id: message.MessageId ?? '',
    body: message.Body ?? '',
    receiveCount,
    attributes: Object.fromEntries(attributes.map(([name, { StringValue }]) => [name, StringValue])),
  };
}

function isPoison(error: unknown): error is Error {
  return error instanceof PoisonMessageError || error instanceof ContractError;
}

async function beforeDeadline(
  deadlineMs: number,
  work: (deadline: AbortSignal) => Promise<void>,
): Promise<void> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const late = new Error(`The handler was not done after ${deadlineMs} ms`);
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(late);
  deadline.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([work(deadline), promise]);
  } finally {
    deadline.removeEventListener('abort', onAbort);
  }
}
