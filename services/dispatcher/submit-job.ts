import { type BatchClient, ListJobsCommand, SubmitJobCommand } from '@aws-sdk/client-batch';
import { backoff } from '../shared/backoff.ts';
import type { ClaimedJob } from './claim-job.ts';

export type SubmitDeps = {
  /** With `maxAttempts: 1`: a SubmitJob that the SDK repeats by itself may run twice. */
  readonly batch: BatchClient;
  readonly jobQueue: string;
  readonly jobDefinition: string;
};

/** Batch said no, and the same request will be refused again. */
export class SubmitRefusedError extends Error {
  override name = 'SubmitRefusedError';
  constructor(job: Pick<ClaimedJob, 'name'>, cause: Error) {
    super(
      `Batch did not take ${job.name}: ${cause.name}: ${cause.message}. Check the job queue and the job definition`,
      { cause },
    );
  }
}

/** No answer says whether Batch has the job: its claim is left to the sweep. */
export class SubmitOutcomeUnknownError extends Error {
  override name = 'SubmitOutcomeUnknownError';
  constructor(job: Pick<ClaimedJob, 'name'>, cause: unknown) {
    super(`Whether Batch has taken ${job.name} is unknown; the sweep will look for it`, { cause });
  }
}

/** With the waits about 10 s: it outlasts SubmitJob's 50 a second, and ends well before the message is visible again. */
const maxAttempts = 6;

/**
 * Submits the claimed job and returns the id that Batch gave it. SubmitJob has no idempotency token, so after an
 * attempt without an answer the job is looked for by its name before the next one.
 * @throws {SubmitRefusedError} if Batch does not have the job and will not take it.
 * @throws {SubmitOutcomeUnknownError} if it may have it.
 */
export async function submitJob(deps: SubmitDeps, job: ClaimedJob, signal: AbortSignal): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    let error: Error;
    try {
      const { jobId } = await deps.batch.send(
        new SubmitJobCommand({
          jobName: job.name,
          jobQueue: deps.jobQueue,
          jobDefinition: deps.jobDefinition,
          parameters: { job: job.id, intervals: job.intervals.join(',') },
          ...(job.shards > 1 && { arrayProperties: { size: job.shards } }),
        }),
      );
      if (jobId) return jobId;
      error = new Error('SubmitJob answered without a job id');
    } catch (thrown) {
      error = thrown as Error;
    }
    const state = stateAfter(error);
    if (state === 'refused') throw new SubmitRefusedError(job, error);
    const last = attempt === maxAttempts || signal.aborted;
    if (last && state === 'throttled') throw new SubmitRefusedError(job, error);
    await backoff(attempt, { baseMs: 100, maxMs: 4_000, signal });
    if (state === 'unknown') {
      const found = await findBatchJob(deps, job.name).catch(() => 'unanswered' as const);
      if (found === 'unanswered') throw new SubmitOutcomeUnknownError(job, error);
      if (found) return found;
      if (last) throw new SubmitOutcomeUnknownError(job, error);
    }
  }
}

/** The newest job of that name, whatever its state, as the JOB_NAME filter looks at all of them. */
export async function findBatchJob(
  deps: Pick<SubmitDeps, 'batch' | 'jobQueue'>,
  name: string,
): Promise<string | undefined> {
  const { jobSummaryList = [] } = await deps.batch.send(
    new ListJobsCommand({ jobQueue: deps.jobQueue, filters: [{ name: 'JOB_NAME', values: [name] }] }),
  );
  return jobSummaryList.find((job) => job.jobName === name)?.jobId;
}

function stateAfter(error: Error): 'refused' | 'throttled' | 'unknown' {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
  if (status === 429 || /Throttl|TooManyRequests|RequestLimitExceeded/.test(error.name)) return 'throttled';
  if (error.name === 'CredentialsProviderError') return 'refused';
  return status >= 400 && status < 500 && status !== 408 ? 'refused' : 'unknown';
}
