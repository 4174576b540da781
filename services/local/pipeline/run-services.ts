import type { DispatcherDeps } from '../../dispatcher/handler.ts';
import { defaultJobSize } from '../../dispatcher/job-size.ts';
import { startDispatcher } from '../../dispatcher/start-dispatcher.ts';
import { consume } from '../../shared/consume.ts';
import { deadLetterQueueUrlOf } from '../../shared/dead-letter-queue-url.ts';
import type { Logger } from '../../shared/logger.ts';
import { createHandler, parseMessage, type SubscriberDeps } from '../../subscriber/handler.ts';
import type { Pipeline } from './start-pipeline.ts';

export type RunningServices = {
  /** What the dispatcher works with, for sweeps of one's own. */
  readonly dispatcher: DispatcherDeps;
  /** Resolves when the handlers under way have ended. Rejects if a service failed. */
  stop(): Promise<void>;
};

export type ServiceOptions = {
  readonly logger: Logger;
  /** Takes each completed bar that the example subscriber asks for. */
  readonly print: SubscriberDeps['print'];
};

/** Runs the dispatcher and the example subscriber in this process. */
export async function runServices(
  pipeline: Pipeline,
  { logger, print }: ServiceOptions,
): Promise<RunningServices> {
  const { db, aws, names } = pipeline;
  const stopping = new AbortController();
  const { signal } = stopping;
  const dispatcher = {
    ...aws,
    db,
    busName: names.busName,
    jobQueue: names.jobQueue,
    jobDefinition: names.jobDefinition,
    jobSize: defaultJobSize,
    logger: logger.child({ part: 'dispatcher' }),
  };
  const subscriber = {
    sqs: aws.sqs,
    queueUrl: names.subscriberQueueUrl,
    deadLetterQueueUrl: await deadLetterQueueUrlOf(aws.sqs, names.subscriberQueueUrl),
    logger: logger.child({ part: 'subscriber' }),
  };
  const running = Promise.all([
    startDispatcher(
      { ...dispatcher, queueUrl: names.queueUrl, deadLetterQueueUrl: names.deadLetterQueueUrl },
      { signal, sweepEveryMs: 30_000, alone: pipeline.alone },
    ),
    consume(subscriber, {
      parse: parseMessage,
      handle: createHandler({ ...subscriber, db, watched: new Set(['AAPL']), print }),
      signal,
    }),
  ]);
  // Told of by stop(); until then it must not end the process as unhandled.
  running.catch((error: unknown) => logger.error({ err: error }, 'a service failed'));
  return {
    dispatcher,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
