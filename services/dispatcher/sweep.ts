import { DescribeJobsCommand, type JobDetail } from '@aws-sdk/client-batch';
import { pruneDelivered } from '../../sql/queries/prune-delivered.ts';
import { type LiveJob, readLiveJobs } from '../../sql/queries/read-live-jobs.ts';
import { storeBatchJob } from '../../sql/queries/store-batch-job.ts';
import { publishOutbox } from '../shared/publish-outbox.ts';
import { dispatchPending, isUnderWay } from './dispatch.ts';
import { giveUpJob } from './give-up-job.ts';
import type { DispatcherDeps } from './handler.ts';
import { isLate, waitedSeconds, whyStuck } from './never-started.ts';
import { findBatchJob } from './submit-job.ts';

export type SweepOptions = {
  readonly signal: AbortSignal;
  /** Claims and submissions younger than this are left alone: whoever made them may be at work. */
  readonly minimumAgeMs?: number;
  /**
   * Submit only if this sweep found work whose job was lost, not what stays pending because its job failed: a sweep
   * that repeats would submit that for ever, and it would fail the same way.
   */
  readonly onlyLost?: boolean;
};

const twoMinutesMs = 120_000;
/** A replay from the archive finds its keys: they are kept longer than its events, and dead letters of it, can come back. */
export const keep = { publishedDays: 30, consumedDays: 120 } as const;
/** As many as DescribeJobs takes. */
const describedAtOnce = 100;

/**
 * Takes up what a crash left: events not published, claims without a job, jobs that Batch has given up, forgotten or never started,
 * and invalidations that nobody covers. At rest nothing else is awake, so every entry point calls it at its start.
 */
export async function sweep(deps: DispatcherDeps, options: SweepOptions): Promise<void> {
  await publishOutbox(deps, options);
  const live = await deps.db.withClient((client) =>
    readLiveJobs(client, options.minimumAgeMs ?? twoMinutesMs),
  );
  const unsubmitted = live.filter((job) => job.batchJobId === null && !isUnderWay(job.id));
  let lost = 0;
  for (const job of unsubmitted) if (await settleClaim(deps, job)) lost++;
  lost += await settleJobs(
    deps,
    live.filter((job) => job.batchJobId !== null),
  );
  if (lost > 0 || !options.onlyLost) await dispatchPending(deps, { signal: options.signal });
  await publishOutbox(deps, options);
  await deps.db.withClient((client) => pruneDelivered(client, keep));
}

/** Returns whether the claim was given up. */
async function settleClaim(deps: DispatcherDeps, job: LiveJob): Promise<boolean> {
  const batchJobId = await findBatchJob(deps, job.name);
  if (batchJobId !== undefined) {
    await deps.db.withClient((client) => storeBatchJob(client, job.id, batchJobId));
    const { id: jobId, correlationId } = job;
    deps.logger.info({ jobId, batchJobId, correlationId }, 'Found a job whose id was not stored');
    return false;
  }
  const reason = 'claimed, but Batch has no such job';
  return await giveUpJob(deps, job.id, { reason, attempts: 0, wasJob: false });
}

/** Returns how many jobs were lost: those that did not fail, and yet will not do their work. */
async function settleJobs(deps: DispatcherDeps, jobs: readonly LiveJob[]): Promise<number> {
  const described = await describe(deps, jobs);
  let lost = 0;
  for (const job of jobs) {
    const detail = described.get(job.batchJobId ?? '');
    const waited = waitedSeconds(job, [...described.values()]);
    const reason = whyEnded(detail) ?? (detail && whyStuck(job, waited, detail));
    if (reason === undefined) {
      if (detail && isLate(waited)) tellOfWaiting(deps, job, waited, detail);
      continue;
    }
    const givenUp = await giveUpJob(deps, job.id, { reason, attempts: detail?.attempts?.length ?? 0 });
    if (givenUp && detail?.status !== 'FAILED') lost++;
  }
  return lost;
}

/** What Batch says of each of its jobs that it knows, by its id. */
async function describe(deps: DispatcherDeps, jobs: readonly LiveJob[]): Promise<Map<string, JobDetail>> {
  const ids = jobs.flatMap(({ batchJobId }) => batchJobId ?? []);
  const described = new Map<string, JobDetail>();
  for (let at = 0; at < ids.length; at += describedAtOnce) {
    const some = new DescribeJobsCommand({ jobs: ids.slice(at, at + describedAtOnce) });
    for (const detail of (await deps.batch.send(some)).jobs ?? []) described.set(detail.jobId ?? '', detail);
  }
  return described;
}

function tellOfWaiting(
  deps: DispatcherDeps,
  job: LiveJob,
  waited: number,
  { status, statusReason }: JobDetail,
): void {
  const { id: jobId, batchJobId, correlationId } = job;
  deps.logger.warn(
    { jobId, batchJobId, correlationId, waitedSeconds: Math.round(waited), status, statusReason },
    'A job waits long for its start',
  );
}

/** undefined: the job goes on. */
function whyEnded(detail: JobDetail | undefined): string | undefined {
  if (detail === undefined) return 'Batch does not know the job any more';
  if (detail.status === 'FAILED') return detail.statusReason ?? 'Batch gave no reason';
  if (detail.status === 'SUCCEEDED') return 'Batch says SUCCEEDED, but the job did not finish its work';
  return undefined;
}
