import type { JobDetail } from '@aws-sdk/client-batch';
import type { LiveJob } from '../../sql/queries/read-live-jobs.ts';

/** Fargate starts a task within a minute or two; a job of ours that is at work excuses those behind it. */
export const lateAfterSeconds = 15 * 60;
/**
 * As long as the topology lets Batch wait with a job that its own limits cancel. Those know three reasons for a wait and not, for one,
 * `MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS`
 * (https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable_time_limit_actions.html). Meanwhile all that comes is
 * added to the job that does not start: without an end to it nothing would be worked in any more.
 */
const startWithinSeconds = 60 * 60;

export function isLate({ waitedSeconds }: Pick<LiveJob, 'waitedSeconds'>): boolean {
  return waitedSeconds !== null && waitedSeconds > lateAfterSeconds;
}

/**
 * Why a job counts as one that never starts; undefined: it may start yet. Given up, it does no harm when it starts after all: it finds
 * its claim gone and ends.
 */
export function whyStuck(
  { waitedSeconds }: Pick<LiveJob, 'waitedSeconds'>,
  detail: Pick<JobDetail, 'status' | 'statusReason'> | undefined,
): string | undefined {
  if (waitedSeconds === null || waitedSeconds <= startWithinSeconds) return undefined;
  const minutes = Math.floor(waitedSeconds / 60);
  return [
    `not started after ${minutes} minutes, Batch says ${detail?.status ?? 'nothing'}`,
    detail?.statusReason,
  ]
    .filter(Boolean)
    .join(': ');
}
