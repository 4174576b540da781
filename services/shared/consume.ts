import { setTimeout as sleep } from 'node:timers/promises';
import { ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { Consumer } from 'sqs-consumer';
import { backoff } from './backoff.ts';
import { type HandleDeps, type Handling, handleBatch } from './handle-batch.ts';

export type ConsumeDeps = HandleDeps;

type SendArguments = [command: Parameters<SQSClient['send']>[0], options?: object];

export type Consumption<T> = Pick<Handling<T>, 'parse' | 'handle'> &
  Partial<Omit<Handling<T>, 'stopping'>> & {
    /** Aborting it stops: nothing more is received, and the handler at work finishes. */
    readonly signal: AbortSignal;
    /** Seconds that one request waits for messages, 1 to 20: 20 by default, which costs least. */
    readonly waitTimeSeconds?: number;
    /** Seconds that a received message is hidden: 60 by default. Renewed every third of it while the handler works. */
    readonly visibilityTimeoutSeconds?: number;
  };

/**
 * Receives messages of a queue until `signal` aborts, and resolves once the last handler has ended and its messages
 * are deleted. The one place that knows sqs-consumer: a handler returns to acknowledge and throws to retry.
 *
 * A message whose handler threw is shown again after 1, 2, 4, … seconds, not at once and not after the whole visibility
 * timeout: at once would spend all its receives within one short outage of the database.
 */
export async function consume<T>(deps: ConsumeDeps, consumption: Consumption<T>): Promise<void> {
  const { signal, waitTimeSeconds = 20, visibilityTimeoutSeconds = 60 } = consumption;
  const handling: Handling<T> = {
    parse: consumption.parse,
    handle: consumption.handle,
    handlerDeadlineMs: consumption.handlerDeadlineMs ?? 300_000,
    stopping: signal,
    retryDelaySeconds:
      consumption.retryDelaySeconds ?? ((count) => Math.min(visibilityTimeoutSeconds, 2 ** (count - 1))),
  };
  if (signal.aborted) return;

  let failures = 0;
  const consumer = Consumer.create({
    sqs: withReceiveSignal(deps.sqs, signal),
    queueUrl: deps.queueUrl,
    batchSize: 10,
    waitTimeSeconds,
    visibilityTimeout: visibilityTimeoutSeconds,
    heartbeatInterval: visibilityTimeoutSeconds / 3,
    messageAttributeNames: ['All'],
    messageSystemAttributeNames: ['ApproximateReceiveCount'],
    // The waits after errors are ours: sqs-consumer polls again at once when the connection is refused.
    authenticationErrorTimeout: 0,
    preReceiveMessageCallback: async () => {
      if (failures > 0) await backoff(failures, { baseMs: 250, maxMs: 20_000, signal });
    },
    postReceiveMessageCallback: async () => {
      failures = 0;
    },
    handleMessageBatch: async (messages) => await handleBatch(deps, handling, messages),
  });
  consumer.on('error', (error, messages) => {
    if (signal.aborted && !messages) return;
    if (!messages) failures++;
    deps.logger.warn(
      { err: error, queueUrl: deps.queueUrl, failures },
      'Trouble with the queue, trying again',
    );
  });

  const stopped = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => stopped.resolve(), { once: true });
  consumer.start();
  await stopped.promise;
  consumer.stop();
  // Its own wait for the last batch looks once a second, and gives up silently after a time.
  while (consumer.status.isPolling) await sleep(5);
}

/**
 * The client, with `signal` on receiving alone: a long poll ends at once, while deleting what is done goes on. (`stop({ abort: true })`
 * would break off both.) Messages that were just on their way are received again after the visibility timeout.
 */
function withReceiveSignal(sqs: SQSClient, signal: AbortSignal): SQSClient {
  const send = (...[command, options]: SendArguments) =>
    sqs.send(
      command,
      command instanceof ReceiveMessageCommand ? { ...options, abortSignal: signal } : options,
    );
  return Object.assign(Object.create(sqs) as SQSClient, { send });
}
