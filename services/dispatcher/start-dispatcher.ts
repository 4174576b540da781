import { setTimeout as sleep } from 'node:timers/promises';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { consume } from '../shared/consume.ts';
import { type DispatcherDeps, handleMessages } from './handler.ts';
import { parseMessage } from './messages.ts';
import { type SweepOptions, sweep } from './sweep.ts';

export type StartDeps = DispatcherDeps & {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
};

export type StartOptions = {
  readonly signal: AbortSignal;
  readonly sweepEveryMs: number;
  /** Nobody else claims or submits here: what is left at the start was left by programs that are gone, however young it is. */
  readonly alone?: boolean;
  /** Seconds that one request waits for messages. */
  readonly waitTimeSeconds?: number;
};

/** Sweeps, then consumes the queue and sweeps now and then until `signal` aborts. Resolves when the handler under way has ended. */
export async function startDispatcher(deps: StartDeps, options: StartOptions): Promise<void> {
  const { signal, waitTimeSeconds, alone = false } = options;
  const swept = await trySweep(deps, { signal, ...(alone && { minimumAgeMs: 0 }) });
  await Promise.all([
    consume(deps, {
      signal,
      parse: parseMessage,
      handle: (messages, deadline) => handleMessages(deps, messages, deadline),
      ...(waitTimeSeconds !== undefined && { waitTimeSeconds }),
    }),
    keepSweeping(deps, options, swept),
  ]);
}

async function keepSweeping(
  deps: StartDeps,
  { signal, sweepEveryMs }: StartOptions,
  swept: boolean,
): Promise<void> {
  // After a sweep that broke off, what it has given up may still wait for a job.
  let onlyLost = swept;
  while (!signal.aborted) {
    await sleep(sweepEveryMs, undefined, { signal }).catch(() => {});
    if (!signal.aborted) onlyLost = await trySweep(deps, { signal, onlyLost });
  }
}

/** Returns whether it came to its end. The database or Batch may be away for a while; the next sweep tries again. */
async function trySweep(deps: StartDeps, options: SweepOptions): Promise<boolean> {
  try {
    await sweep(deps, options);
    return true;
  } catch (error) {
    deps.logger.error({ err: error }, 'Sweep failed, the next one tries again');
    return false;
  }
}
