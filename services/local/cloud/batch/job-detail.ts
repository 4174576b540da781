import { isFinished, type Job } from './batch-types.ts';
import type { JobStore } from './job-store.ts';

/** A job as DescribeJobs and the state-change event give it. */
export function jobDetail(store: Pick<JobStore, 'summary'>, job: Job): object {
  const last = job.attempts.at(-1)?.container;
  return {
    jobArn: job.jobArn,
    jobName: job.jobName,
    jobId: job.jobId,
    jobQueue: job.jobQueue,
    status: job.status,
    ...(job.statusReason !== undefined && { statusReason: job.statusReason }),
    attempts: job.attempts,
    createdAt: job.createdAt,
    ...times(job),
    retryStrategy: job.retryStrategy,
    dependsOn: [],
    jobDefinition: job.jobDefinition,
    parameters: job.parameters,
    container: {
      image: job.image,
      command: job.command,
      volumes: [],
      environment: job.environment,
      mountPoints: [],
      ulimits: [],
      networkInterfaces: [],
      resourceRequirements: job.resourceRequirements,
      secrets: [],
      ...last,
    },
    ...(job.timeoutSeconds !== undefined && { timeout: { attemptDurationSeconds: job.timeoutSeconds } }),
    ...arrayProperties(store, job),
    tags: {},
    propagateTags: false,
    platformCapabilities: ['FARGATE'],
    isTerminated: job.isTerminated ?? false,
    isCancelled: job.isCancelled ?? false,
  };
}

/** A job as ListJobs gives it. */
export function jobSummary(store: Pick<JobStore, 'summary'>, job: Job): object {
  const last = job.attempts.at(-1)?.container;
  return {
    jobArn: job.jobArn,
    jobId: job.jobId,
    jobName: job.jobName,
    createdAt: job.createdAt,
    status: job.status,
    ...(job.statusReason !== undefined && { statusReason: job.statusReason }),
    ...times(job),
    ...(last && { container: { exitCode: last.exitCode, reason: last.reason } }),
    ...arrayProperties(store, job),
    jobDefinition: job.jobDefinition,
  };
}

function times(job: Job): object {
  return {
    ...(job.startedAt !== undefined && { startedAt: job.startedAt }),
    ...(isFinished(job) && job.stoppedAt !== undefined && { stoppedAt: job.stoppedAt }),
  };
}

function arrayProperties(store: Pick<JobStore, 'summary'>, job: Job): object {
  if (!job.array) return {};
  if ('parent' in job.array) return { arrayProperties: { index: job.array.index } };
  return { arrayProperties: { size: job.array.size, statusSummary: store.summary(job.jobId) } };
}
