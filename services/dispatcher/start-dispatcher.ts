import { setTimeout as sleep } from 'node:timers/promises';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { consume } from '../shared/consume.ts';
import { type DispatcherDeps, handleMessages } from './handler.ts';
import { parseMessage } from './messages.ts';
import { sweep } from './sweep.ts';

export type StartDeps = DispatcherDeps & {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
};

export type StartOptions = {
  readonly signal: AbortSignal;
  readonly sweepEveryMs: number;
  /** Seconds that one request waits for messages. */
  readonly waitTimeSeconds?: number;
};

/** Sweeps, then consumes the queue and sweeps now and then until `signal` aborts. Resolves when the handler under way has ended. */
export async function startDispatcher(deps: StartDeps, options: StartOptions): Promise<void> {
  const { signal, waitTimeSeconds } = options;
  await trySweep(deps, signal);
  await Promise.all([
    consume(deps, {
      signal,
      parse: parseMessage,
      handle: (messages, deadline) => handleMessages(deps, messages, deadline),
      ...(waitTimeSeconds !== undefined && { waitTimeSeconds }),
    }),
    keepSweeping(deps, options),
  ]);
}

async function keepSweeping(deps: StartDeps, { signal, sweepEveryMs }: StartOptions): Promise<void> {
  while (!signal.aborted) {
    await sleep(sweepEveryMs, undefined, { signal }).catch(() => {});
    if (!signal.aborted) await trySweep(deps, signal);
  }
}

/** The database or Batch may be away for a while; the next sweep finds the same things to do. */
async function trySweep(deps: StartDeps, signal: AbortSignal): Promise<void> {
  try {
    await sweep(deps, { signal });
  } catch (error) {
    deps.logger.error({ err: error }, 'Sweep failed, the next one tries again');
  }
}
