import { AwsError } from '../aws-error.ts';

export type Input = Record<string, unknown>;
export type KeyValue = { name: string; value: string };
export type ResourceRequirement = { type: string; value: string };

export type ExitRule = { action: string; onStatusReason?: string; onReason?: string; onExitCode?: string };
export type RetryStrategy = { attempts: number; evaluateOnExit: ExitRule[] };

export type ContainerProperties = {
  image?: string;
  command?: string[];
  environment?: KeyValue[];
  resourceRequirements?: ResourceRequirement[];
};

export type ComputeEnvironment = { computeEnvironmentName: string; computeEnvironmentArn: string } & Input;
export type JobQueue = { jobQueueName: string; jobQueueArn: string } & Input;
export type JobDefinition = {
  jobDefinitionName: string;
  jobDefinitionArn: string;
  revision: number;
  status: 'ACTIVE' | 'INACTIVE';
  parameters: Record<string, string>;
  containerProperties: ContainerProperties;
  retryStrategy: RetryStrategy;
  timeout?: { attemptDurationSeconds: number };
} & Input;

export type JobStatus =
  | 'SUBMITTED'
  | 'PENDING'
  | 'RUNNABLE'
  | 'STARTING'
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'FAILED';
export const jobStatuses: readonly JobStatus[] = [
  'SUBMITTED',
  'PENDING',
  'RUNNABLE',
  'STARTING',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
];

export type Attempt = {
  container: { exitCode?: number; reason?: string; logStreamName: string };
  startedAt: number;
  stoppedAt: number;
  statusReason: string;
};

/** A job, the parent of an array, or a child of one (its id is `parent:index`). Times are epoch milliseconds. */
export type Job = {
  jobId: string;
  jobName: string;
  jobArn: string;
  jobQueue: string;
  jobDefinition: string;
  status: JobStatus;
  statusReason?: string;
  createdAt: number;
  startedAt?: number;
  stoppedAt?: number;
  parameters: Record<string, string>;
  /** With parameters filled in. */
  command: string[];
  image: string;
  environment: KeyValue[];
  resourceRequirements: ResourceRequirement[];
  retryStrategy: RetryStrategy;
  timeoutSeconds?: number;
  attempts: Attempt[];
  /** Attempts that the local cloud itself cut off: they do not count against the strategy. */
  interruptions: number;
  array?: { size: number } | { index: number; parent: string };
  /** Set by TerminateJob or CancelJob: however the job ends now, it has failed for this reason. */
  endReason?: string;
  isTerminated?: boolean;
  isCancelled?: boolean;
  /** The process of the attempt under way; `started` tells it from a later process with the same pid. */
  process?: { pid: number; started: string };
};

export function isFinished(job: Pick<Job, 'status'>): boolean {
  return job.status === 'SUCCEEDED' || job.status === 'FAILED';
}

/** Batch has two exceptions; this is the one for callers' mistakes. */
export function clientError(message: string): AwsError {
  return new AwsError('ClientException', message);
}

/** @throws {AwsError} naming the member, if it is missing or no text. */
export function textOf(input: Input, member: string): string {
  const value = input[member];
  if (typeof value !== 'string' || value === '')
    throw clientError(`Error executing request, Exception : ${member} is required`);
  return value;
}
