import type { JobDetail } from '@aws-sdk/client-batch';
import type { LiveJob } from '../../sql/queries/read-live-jobs.ts';

/** Fargate starts a task within a minute or two; a job that is at work excuses those behind it. */
export const lateAfterSeconds = 15 * 60;
/**
 * As long as the topology lets Batch wait with a job that its own limits cancel. Those know three reasons for a wait and not, for one,
 * `MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS`
 * (https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable_time_limit_actions.html). Meanwhile all that comes is
 * added to the job that does not start: without an end to it nothing would be worked in any more.
 */
const startWithinSeconds = 60 * 60;

/**
 * Whether Batch says that the job runs now. The parent of an array is PENDING while its children run, and a job whose attempt was
 * interrupted is RUNNABLE again (https://docs.aws.amazon.com/batch/latest/userguide/job_states.html).
 */
function isAtWork({ status, arrayProperties }: JobDetail): boolean {
  return status === 'RUNNING' || (arrayProperties?.statusSummary?.['RUNNING'] ?? 0) > 0;
}

/**
 * For how long the job has waited while none was at work.
 * @param described what Batch says of all jobs
 */
export function waitedSeconds(
  { quietSeconds }: Pick<LiveJob, 'quietSeconds'>,
  described: readonly JobDetail[],
): number {
  if (quietSeconds === null || described.some(isAtWork)) return 0;
  const stops = described.map(({ attempts }) => attempts?.at(-1)?.stoppedAt ?? 0);
  return Math.min(quietSeconds, (Date.now() - Math.max(0, ...stops)) / 1_000);
}

export function isLate(waited: number): boolean {
  return waited > lateAfterSeconds;
}

/**
 * Why a job counts as one that never starts, or never again; undefined: it may start yet. Given up, it does no harm when it starts
 * after all: it finds its claim gone and ends.
 * @param waited in seconds
 */
export function whyStuck(
  { started }: Pick<LiveJob, 'started'>,
  waited: number,
  { status, statusReason }: JobDetail,
): string | undefined {
  if (waited <= startWithinSeconds) return undefined;
  const what = started ? 'not started again' : 'not started';
  const found = `${what} after ${Math.floor(waited / 60)} minutes, Batch says ${status}`;
  return statusReason ? `${found}: ${statusReason}` : found;
}
