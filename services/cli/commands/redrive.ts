import type { SQSClient } from '@aws-sdk/client-sqs';
import { exitCodes } from '../../shared/exit-code.ts';
import { counted, formatAge, formatCount, formatTable } from '../format.ts';
import type { Output } from '../output.ts';
import { progressBar } from '../progress.ts';
import type { DeadLetter } from '../redrive/dead-letter.ts';
import { describeMissing, type QueueNames } from '../redrive/dead-letter-queues.ts';
import { type Fate, type Redriven, redriveAll } from '../redrive/redrive-all.ts';
import { hiddenSeconds } from '../redrive/redrive-letters.ts';

export type RedriveDeps = {
  readonly sqs: SQSClient;
  readonly names: QueueNames;
  readonly output: Output;
  readonly signal: AbortSignal;
  /** Waits for what the moved messages set off, where that is ours to wait for. */
  readonly settle: () => Promise<void>;
};

/**
 * Shows the dead letters and, unless it is a dry run, moves each back to the queue that it belongs in. One that cannot be moved or
 * is held by another redrive, and a queue that is missing when letters are to be moved, is an exit code of 1.
 */
export async function redrive(deps: RedriveDeps, { dryRun }: { dryRun: boolean }): Promise<number> {
  const { sqs, names, output, signal } = deps;
  const progress = progressBar(output, 'redrive', 'letters');
  const now = Date.now();
  const redriven = await redriveAll(sqs, {
    names,
    dryRun,
    signal,
    onFound(letters) {
      for (const line of letterLines(letters, now)) output.say(line);
    },
    ...(!dryRun && { onProgress: progress.update }),
  }).finally(progress.stop);
  const { queues, missing, fates, held } = redriven;
  const complete = !signal.aborted;
  const moved = fates.filter((fate) => fate.moved);
  const failed = fates.filter(({ error }) => error !== null);
  output.document({
    dryRun,
    queues: queues.map(({ name, kind, origin }) => ({ name, kind, origin: origin.name })),
    missingQueues: missing,
    letters: fates.map((fate) => toJson(fate, now)),
    moved: moved.length,
    failed: failed.length,
    held,
    heldForSecondsAtMost: hiddenSeconds,
    complete,
  });
  for (const { letter, error } of failed) output.say(`${letter.message.MessageId}: ${error}`);
  for (const line of redriveSummary(redriven, dryRun)) output.say(line);
  const poison = (dryRun ? fates : moved).filter(({ letter }) => letter.poison).length;
  if (poison > 0) {
    output.say(
      `${formatCount(poison)} of them broke their contract: unless what reads them has changed, they come back with the same reason`,
    );
  }
  if (!complete) output.say('Stopped before the end: the same command goes on from here');
  // What became of each letter is told before: the pipeline may stop meanwhile. Without its queue it would be waited for in vain.
  if (!dryRun && missing.length === 0) await deps.settle();
  return complete && isRedriveRight(redriven, dryRun) ? exitCodes.done : exitCodes.failed;
}

function letterLines(letters: readonly DeadLetter[], now: number): string[] {
  if (letters.length === 0) return [];
  return formatTable(
    [
      ['dead letter in', 'age', 'event', 'reason'],
      ...letters.map((letter) => [
        letter.queue.name,
        formatAge(now - letter.sentAt.getTime()),
        letter.detailType ?? 'none',
        letter.reason,
      ]),
    ],
    4,
  );
}

/** What became of them all, and what to do about the rest. */
export function redriveSummary({ fates, held, missing }: Redriven, dryRun: boolean): string[] {
  const letters = counted(fates.length, 'dead letter');
  const moved = fates.filter((fate) => fate.moved).length;
  const lines = [dryRun ? `${letters}; nothing was moved` : `${formatCount(moved)} of ${letters} moved back`];
  if (fates.length === 0) lines[0] = held === 0 ? 'No dead letters' : 'No dead letters that can be seen now';
  if (held > 0) {
    lines.push(
      `${counted(held, 'dead letter is', 'dead letters are')} held by another redrive, or by one that was killed: what it has not moved is seen again after ${hiddenSeconds} s at most, so redrive again then`,
    );
  }
  if (missing.length > 0) lines.push(`There is no queue ${describeMissing(missing)}`);
  return lines;
}

/** Nothing is left that has to be done. */
export function isRedriveRight({ fates, held, missing }: Redriven, dryRun: boolean): boolean {
  return fates.every(({ error }) => error === null) && held === 0 && (dryRun || missing.length === 0);
}

function toJson({ letter, moved, error }: Fate, now: number): object {
  const { queue, message, sentAt, reason, poison, detailType, eventId, correlationId } = letter;
  return {
    messageId: message.MessageId,
    queue: queue.name,
    kind: queue.kind,
    origin: queue.origin.name,
    reason,
    poison,
    sentAt: sentAt.toISOString(),
    ageSeconds: Math.round((now - sentAt.getTime()) / 1_000),
    detailType,
    eventId,
    correlationId,
    moved,
    error,
  };
}
