import type { SQSClient } from '@aws-sdk/client-sqs';
import { exitCodes } from '../../shared/exit-code.ts';
import { counted, formatAge, formatCount, formatTable } from '../format.ts';
import type { Output } from '../output.ts';
import { progressBar } from '../progress.ts';
import type { DeadLetter } from '../redrive/dead-letter.ts';
import type { QueueNames } from '../redrive/dead-letter-queues.ts';
import { type Fate, redriveAll } from '../redrive/redrive-all.ts';

export type RedriveDeps = {
  readonly sqs: SQSClient;
  readonly names: QueueNames;
  readonly output: Output;
  readonly signal: AbortSignal;
  /** Waits for what the moved messages set off, where that is ours to wait for. */
  readonly settle: () => Promise<void>;
};

/**
 * Shows the dead letters and, unless it is a dry run, moves each back to the queue that it belongs in. One that cannot be moved is
 * an exit code of 1.
 */
export async function redrive(deps: RedriveDeps, { dryRun }: { dryRun: boolean }): Promise<number> {
  const { sqs, names, output, signal } = deps;
  const progress = progressBar(output, 'redrive', 'letters');
  const now = Date.now();
  const { queues, fates } = await redriveAll(sqs, {
    names,
    dryRun,
    signal,
    onFound(letters) {
      for (const line of letterLines(letters, now)) output.say(line);
    },
    ...(!dryRun && { onProgress: progress.update }),
  }).finally(progress.stop);
  if (!dryRun) await deps.settle();
  const complete = !signal.aborted;
  const moved = fates.filter((fate) => fate.moved);
  const failed = fates.filter(({ error }) => error !== null);
  output.document({
    dryRun,
    queues: queues.map(({ name, kind, origin }) => ({ name, kind, origin: origin.name })),
    letters: fates.map((fate) => toJson(fate, now)),
    moved: moved.length,
    failed: failed.length,
    complete,
  });
  for (const { letter, error } of failed) output.say(`${letter.message.MessageId}: ${error}`);
  output.say(redriveSummary(fates.length, moved.length, dryRun));
  const poison = (dryRun ? fates : moved).filter(({ letter }) => letter.poison).length;
  if (poison > 0) {
    output.say(
      `${formatCount(poison)} of them broke their contract: unless what reads them has changed, they come back with the same reason`,
    );
  }
  if (!complete) output.say('Stopped before the end: the same command goes on from here');
  return complete && failed.length === 0 ? exitCodes.done : exitCodes.failed;
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

/** What became of them, in a line. */
export function redriveSummary(letters: number, moved: number, dryRun: boolean): string {
  if (letters === 0) return 'No dead letters';
  if (dryRun) return `${counted(letters, 'dead letter')}; nothing was moved`;
  return `${formatCount(moved)} of ${counted(letters, 'dead letter')} moved back`;
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
