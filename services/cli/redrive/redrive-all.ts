import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetter } from './dead-letter.ts';
import { type DeadLetterQueue, findDeadLetterQueues, type QueueNames } from './dead-letter-queues.ts';
import { moveBack, receiveLetters, release } from './redrive-letters.ts';

export type RedriveRequest = {
  readonly names: QueueNames;
  /** Show them, and move none. */
  readonly dryRun: boolean;
  /** Ends it between two letters. */
  readonly signal: AbortSignal;
  /** Takes the letters before the first is moved, oldest first. */
  readonly onFound?: (letters: readonly DeadLetter[]) => void;
  readonly onProgress?: (done: number, total: number) => void;
};

/** What became of a letter; `error` says why it is where it was. */
export type Fate = { readonly letter: DeadLetter; readonly moved: boolean; readonly error: string | null };

export type Redriven = { readonly queues: readonly DeadLetterQueue[]; readonly fates: readonly Fate[] };

/**
 * Moves each dead letter of the pipeline back to the queue that it belongs in. Those that are not moved are shown to others again.
 * @throws {Error} if there is no queue of the pipeline.
 */
export async function redriveAll(sqs: SQSClient, request: RedriveRequest): Promise<Redriven> {
  const queues = await findDeadLetterQueues(sqs, request.names);
  if (queues.length === 0) {
    throw new Error(
      'There is no queue of the pipeline here: check AWS_ENDPOINT_URL, AWS_REGION, FIBBARS_QUEUE_URL',
    );
  }
  const letters = await receiveLetters(sqs, queues);
  request.onFound?.(letters);
  const fates: Fate[] = [];
  for (const letter of letters) {
    fates.push(
      request.dryRun ? { letter, moved: false, error: null } : await move(sqs, letter, request.signal),
    );
    request.onProgress?.(fates.length, letters.length);
  }
  await release(
    sqs,
    fates.filter(({ moved }) => !moved).map(({ letter }) => letter),
  );
  return { queues, fates };
}

async function move(sqs: SQSClient, letter: DeadLetter, signal: AbortSignal): Promise<Fate> {
  if (signal.aborted) return { letter, moved: false, error: null };
  try {
    await moveBack(sqs, letter);
    return { letter, moved: true, error: null };
  } catch (error) {
    return { letter, moved: false, error: `still in ${letter.queue.name}: ${(error as Error).message}` };
  }
}
