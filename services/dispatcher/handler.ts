import type { PublishDeps } from '../shared/publish-outbox.ts';
import { publishOutbox } from '../shared/publish-outbox.ts';
import { jobIdOf } from './claim-job.ts';
import { type DispatchDeps, dispatchPending } from './dispatch.ts';
import { giveUpJob } from './give-up-job.ts';
import type { DispatcherMessage } from './messages.ts';
import { writeReplay } from './write-replay.ts';

export type DispatcherDeps = DispatchDeps & PublishDeps;

/**
 * Works on a batch of messages as one: their events coalesce into at most one submission.
 * Safe to call again with the same messages: nothing new is submitted.
 */
export async function handleMessages(
  deps: DispatcherDeps,
  messages: readonly DispatcherMessage[],
  signal: AbortSignal,
): Promise<void> {
  let jobEnded = false;
  let told = false;
  for (const message of messages) {
    if (message.kind === 'replayed') await writeReplay(deps.db, message);
    if (message.kind !== 'job') continue;
    const { change } = message;
    const jobId = jobIdOf(change.jobName);
    if (jobId === undefined) continue;
    if (change.status === 'FAILED') {
      const failure = {
        batchJobId: change.jobId,
        reason: reasonOf(change),
        attempts: change.attempts?.length ?? 0,
      };
      told = (await giveUpJob(deps, jobId, failure)) || told;
    }
    if (change.status === 'SUCCEEDED') jobEnded = true;
  }
  const keys = messages.flatMap((message) => (message.kind === 'job' ? [] : [message.key]));
  // A job that ended may have left what came while it ran; a failed one is not submitted again at once, since the
  // same work would fail the same way.
  if (keys.length > 0 || jobEnded) await dispatchPending(deps, { signal, keys, anyway: jobEnded });
  if (told) await publishOutbox(deps, { signal });
}

function reasonOf(change: Extract<DispatcherMessage, { kind: 'job' }>['change']): string {
  const last = change.attempts?.at(-1);
  const exitCode = last?.container?.exitCode;
  return [
    change.statusReason ?? 'Batch gave no reason',
    last?.container?.reason,
    exitCode === undefined ? undefined : `exit code ${exitCode}`,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join('; ');
}
