/** Where a rule's pattern needs the ARN of the Batch job queue, which differs by account and region. */
export const jobQueueArnPlaceholder = '{jobQueueArn}';

export type PatternNode = { readonly [field: string]: PatternNode | readonly PatternLeaf[] };
export type PatternLeaf = string | number | boolean | null | { readonly [operator: string]: unknown };

/** A key of `topology.queues`. */
export type QueueKey = 'dispatcher' | 'subscriber';

export type Rule = {
  readonly name: string;
  readonly description: string;
  readonly bus: 'pipeline' | 'default';
  readonly pattern: PatternNode;
  readonly target: {
    readonly queue: QueueKey;
    readonly retryPolicy: { readonly maximumRetryAttempts: number; readonly maximumEventAgeSeconds: number };
    /** Takes what EventBridge could not deliver; another queue than the target queue's own dead-letter queue. */
    readonly deadLetterQueue: string;
  };
};

export type Queue = {
  readonly name: string;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  readonly maxReceiveCount: number;
  readonly deadLetterQueue: string;
};

export type ExitRule = {
  readonly action: 'RETRY' | 'EXIT';
  readonly onStatusReason?: string;
  readonly onReason?: string;
  readonly onExitCode?: string;
};

export type JobDefinition = {
  readonly name: string;
  readonly command: readonly string[];
  readonly vcpu: number;
  readonly memoryMiB: number;
  readonly attempts: number;
  readonly evaluateOnExit: readonly ExitRule[];
  readonly timeoutSeconds: number;
};

export type Topology = {
  readonly bus: string;
  /** `source` of every event that the pipeline puts on its bus. */
  readonly eventSource: string;
  readonly archive: { readonly name: string; readonly description: string; readonly retentionDays: number };
  readonly queues: { readonly [key in QueueKey]: Queue };
  readonly deadLetterRetentionSeconds: number;
  readonly rules: readonly Rule[];
  readonly batch: {
    readonly computeEnvironment: { readonly name: string; readonly maxVcpus: number };
    readonly jobQueue: {
      readonly name: string;
      readonly priority: number;
      /** Jobs that wait in RUNNABLE for a reason that waiting does not mend. */
      readonly stateTimeLimits: readonly { readonly reason: string; readonly maxTimeSeconds: number }[];
    };
    readonly resample: JobDefinition;
    /** A night: the schedules start it. */
    readonly fetch: JobDefinition;
  };
};

const day = 86_400;

/** EventBridge's own defaults are 185 attempts over 24 hours; an event that waits longer is better redriven by hand. */
const retryPolicy = { maximumRetryAttempts: 185, maximumEventAgeSeconds: day };

/**
 * Fargate's words, not EC2's `Host EC2*`. 75 is EX_TEMPFAIL of sysexits.h. Without the last rule Batch retries everything.
 */
const retryWhatMaySucceed = [
  { action: 'RETRY', onStatusReason: 'Your Spot Task was interrupted*' },
  { action: 'RETRY', onExitCode: '75' },
  { action: 'EXIT', onReason: 'OutOfMemoryError*' },
  // Any other SIGKILL: each chunk, and each trading day, is whole or untouched.
  { action: 'RETRY', onExitCode: '137' },
  { action: 'EXIT', onReason: '*' },
] as const satisfies readonly ExitRule[];

/** The one description of what exists in the cloud, read by the CDK app, `cloud-init` and the local cloud. */
export const topology = {
  bus: 'fibonacci-bars',
  eventSource: 'fibonacci-bars',
  archive: {
    name: 'fibonacci-bars',
    description: 'Every event of the pipeline, for replay',
    retentionDays: 90,
  },
  queues: {
    dispatcher: {
      name: 'fibonacci-bars-dispatcher',
      // Six times what a batch of ten may take; the dispatcher's heartbeat extends it.
      visibilityTimeoutSeconds: 60,
      retentionSeconds: 4 * day,
      maxReceiveCount: 5,
      deadLetterQueue: 'fibonacci-bars-dispatcher-dead-letters',
    },
    subscriber: {
      name: 'fibonacci-bars-subscriber',
      visibilityTimeoutSeconds: 60,
      retentionSeconds: 4 * day,
      maxReceiveCount: 5,
      deadLetterQueue: 'fibonacci-bars-subscriber-dead-letters',
    },
  },
  // Longer than the queues': a message keeps the age that it had when it moves to a dead-letter queue.
  deadLetterRetentionSeconds: 14 * day,
  rules: [
    {
      name: 'bars-ingested',
      description: 'New, corrected and restated bars reach the dispatcher',
      bus: 'pipeline',
      pattern: { source: ['fibonacci-bars'], 'detail-type': ['BarsIngested', 'BarsRestated'] },
      target: {
        queue: 'dispatcher',
        retryPolicy,
        deadLetterQueue: 'fibonacci-bars-bars-ingested-undelivered',
      },
    },
    {
      name: 'silver-updated-example',
      description: "The example subscriber asks for AAPL's completed 21-day bars",
      bus: 'pipeline',
      pattern: {
        source: ['fibonacci-bars'],
        'detail-type': ['SilverUpdated'],
        detail: { data: { interval: [21], completedSymbols: ['AAPL'] } },
      },
      target: {
        queue: 'subscriber',
        retryPolicy,
        deadLetterQueue: 'fibonacci-bars-silver-updated-undelivered',
      },
    },
    {
      name: 'batch-job-state-change',
      description: 'The dispatcher hears how its jobs ended',
      bus: 'default',
      pattern: {
        source: ['aws.batch'],
        'detail-type': ['Batch Job State Change'],
        detail: {
          jobQueue: [jobQueueArnPlaceholder],
          status: ['FAILED', 'SUCCEEDED'],
          // Of an array job only the parent: it ends when its last child has ended.
          arrayProperties: { index: [{ exists: false }] },
        },
      },
      target: { queue: 'dispatcher', retryPolicy, deadLetterQueue: 'fibonacci-bars-job-state-undelivered' },
    },
  ],
  batch: {
    computeEnvironment: { name: 'fibonacci-bars', maxVcpus: 4 },
    jobQueue: {
      name: 'fibonacci-bars',
      priority: 1,
      stateTimeLimits: [
        { reason: 'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE', maxTimeSeconds: 3_600 },
        { reason: 'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT', maxTimeSeconds: 3_600 },
      ],
    },
    resample: {
      name: 'fibonacci-bars-resample',
      command: ['resampler', '--job', 'Ref::job', '--intervals', 'Ref::intervals'],
      vcpu: 1,
      memoryMiB: 2_048,
      attempts: 3,
      evaluateOnExit: retryWhatMaySucceed,
      timeoutSeconds: 1_800,
    },
    fetch: {
      name: 'fibonacci-bars-fetch',
      command: ['fetcher'],
      vcpu: 1,
      memoryMiB: 2_048,
      attempts: 3,
      evaluateOnExit: retryWhatMaySucceed,
      // 300 days that are missing, at the 5 calls a minute of the smallest plan, take an hour.
      timeoutSeconds: 7_200,
    },
  },
} as const satisfies Topology;
