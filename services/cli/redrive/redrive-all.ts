import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetter } from './dead-letter.ts';
import { type DeadLetterQueue, findQueues, type QueueNames } from './dead-letter-queues.ts';
import { countHeld, moveBack, receiveLetters, release } from './redrive-letters.ts';

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

export type Redriven = {
  /** Of dead letters. */
  readonly queues: readonly DeadLetterQueue[];
  /** Names of the queues of the pipeline that are not there. */
  readonly missing: readonly string[];
  readonly fates: readonly Fate[];
  /** Letters that could not be taken, approximately: another redrive has them, or one that was killed. */
  readonly held: number;
};

/**
 * Moves each dead letter of the pipeline back to the queue that it belongs in. Those that are not moved are shown to others again.
 * A queue that is missing keeps none but its own letters where they are.
 * @throws {Error} if there is no queue of the pipeline.
 */
export async function redriveAll(sqs: SQSClient, request: RedriveRequest): Promise<Redriven> {
  const { origins, deadLetterQueues: queues, missing } = await findQueues(sqs, request.names);
  if (queues.length === 0 && Object.values(origins).every(({ url }) => url === undefined)) {
    throw new Error(
      'There is no queue of the pipeline here: check AWS_ENDPOINT_URL, AWS_REGION, FIBBARS_QUEUE_URL',
    );
  }
  const letters = await receiveLetters(sqs, queues);
  const held = await countHeld(sqs, queues, letters);
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
  return { queues, missing, fates, held };
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
