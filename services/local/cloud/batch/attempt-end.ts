import type { Job } from './batch-types.ts';
import { retries } from './retry-strategy.ts';

export type AttemptEnd = {
  /** Undefined when nobody saw it exit. */
  readonly exitCode?: number | undefined;
  readonly reason?: string | undefined;
  readonly startedAt: number;
  readonly stoppedAt: number;
  readonly logStreamName: string;
  readonly timedOut: boolean;
  /** The local cloud stopped it, or was killed: a Spot interruption to the job, and not held against it. */
  readonly cutOff: boolean;
};

const spotInterruption = 'Your Spot Task was interrupted.';

/** The job after an attempt: RUNNABLE if another is to follow, else SUCCEEDED or FAILED, with the reason as Fargate words it. */
export function afterAttempt(before: Job, end: AttemptEnd): Job {
  const { process: _process, ...job } = before;
  const { exitCode, reason } = end;
  const succeeded = exitCode === 0 && !end.timedOut && job.endReason === undefined;
  const interrupted = end.cutOff && exitCode !== 0 && !end.timedOut && job.endReason === undefined;
  const statusReason = interrupted ? spotInterruption : statusReasonOf(job, end);
  const attempt = {
    container: {
      ...(exitCode !== undefined && { exitCode }),
      ...(reason !== undefined && { reason }),
      logStreamName: end.logStreamName,
    },
    startedAt: end.startedAt,
    stoppedAt: end.stoppedAt,
    statusReason,
  };
  const after: Job = {
    ...job,
    statusReason,
    stoppedAt: end.stoppedAt,
    attempts: [...job.attempts, attempt],
    interruptions: job.interruptions + (interrupted ? 1 : 0),
  };
  if (succeeded) return { ...after, status: 'SUCCEEDED' };
  if (interrupted) return { ...after, status: 'RUNNABLE' };
  const counted = after.attempts.length - after.interruptions;
  // Batch does not retry what ran out of time, and what was terminated is not to run again.
  const again =
    !end.timedOut &&
    job.endReason === undefined &&
    retries(job.retryStrategy, counted, { exitCode, reason, statusReason });
  return { ...after, status: again ? 'RUNNABLE' : 'FAILED' };
}

function statusReasonOf(job: Job, end: AttemptEnd): string {
  if (job.endReason !== undefined) return job.endReason;
  if (end.timedOut) return 'Job attempt duration exceeded timeout';
  return end.reason === undefined ? 'Essential container in task exited' : 'Task failed to start';
}
