import { join } from 'node:path';
import type { Logger } from '../../shared/logger.ts';
import { openBatchService } from './batch/batch-service.ts';
import type { JobTiming } from './batch/job-runner.ts';
import type { Pace } from './batch/start-pacer.ts';
import { openEventBridgeService } from './event-bridge/event-bridge-service.ts';
import { type Call, startHttpServer } from './http-server.ts';
import { openSqsService } from './sqs/sqs-service.ts';
import { openStateDatabase } from './state-database.ts';

export type LocalCloudOptions = {
  /** Keeps queues, archive, jobs and their logs; one local cloud at a time may have it. */
  readonly directory: string;
  /** A free one by default. */
  readonly port?: number;
  readonly region?: string;
  /** By the first word of a job's command: the program that runs it, and its first arguments. */
  readonly commands: Readonly<Record<string, readonly [string, ...string[]]>>;
  /** What every job finds in its environment, beside PATH, HOME, AWS_ENDPOINT_URL, AWS_REGION and Batch's own. Asked at each start of a job. */
  readonly jobEnvironment?: (endpoint: string) => Readonly<Record<string, string>>;
  /** How many vCPUs jobs take at once; 2 by default. */
  readonly maxVcpus?: number;
  /** How fast jobs start; as fast as there is room by default. */
  readonly pace?: Pace;
  /** Whoever received messages of an earlier run ended with it: no message waits for them. */
  readonly receiversAreGone?: boolean;
  readonly logger: Logger;
  /** For tests. */
  readonly timing?: Partial<JobTiming>;
};

export type PendingWork = {
  /** Messages visible, delayed or being worked on, by queue; dead letters are not work. */
  readonly messages: Readonly<Record<string, number>>;
  /** Jobs that have not ended. */
  readonly jobs: number;
  readonly replays: number;
};

export type LocalCloud = {
  readonly endpoint: string;
  readonly port: number;
  /** What is still to be done. */
  pending(): PendingWork;
  /** Whether nothing is, in the queues (all but dead-letter queues, or those of the given names), jobs and replays. */
  isIdle(queues?: readonly string[]): boolean;
  /** Stops jobs so that the next start runs them again, then closes the port and the files. */
  close(): Promise<void>;
};

/**
 * Runs SQS, EventBridge and Batch on one loopback port, as far as the pipeline uses them. What was answered survives
 * SIGKILL; the next start on the same folder carries on, and ends what jobs the killed run left.
 * @throws {FolderInUseError} if another local cloud has the folder.
 * @throws {PortInUseError} if the port is taken.
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { directory, logger } = options;
  const account = { region: options.region ?? 'us-east-1' };
  const database = openStateDatabase(directory);
  let ready: (answer: (call: Call) => Promise<object> | object) => void = () => {};
  // The port is known before anything is opened that holds it in URLs; early callers wait.
  const answering = new Promise<(call: Call) => Promise<object> | object>((resolve) => {
    ready = resolve;
  });
  const server = await startHttpServer({
    port: options.port ?? 0,
    logger,
    answer: async (call) => (await answering)(call),
  }).catch((error: unknown) => {
    database.close();
    throw error;
  });
  const host = `127.0.0.1:${server.port}`;
  const endpoint = `http://${host}`;
  const sqs = openSqsService(account, {
    directory: join(directory, 'sqs'),
    host,
    receiversAreGone: options.receiversAreGone ?? false,
  });
  const eventBridge = openEventBridgeService({ account, database, sqs, logger });
  const batch = openBatchService({
    account,
    database,
    directory,
    publish: eventBridge.publish,
    commands: options.commands,
    environment: () => ({
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '/',
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: account.region,
      ...options.jobEnvironment?.(endpoint),
    }),
    maxVcpus: options.maxVcpus ?? 2,
    pace: options.pace ?? { burst: 1, everyMs: 0 },
    timing: { terminateGraceMs: 30_000, closeGraceMs: 20_000, timeoutSecondMs: 1_000, ...options.timing },
    logger,
  });
  ready(({ protocol, operation, input, gone }) => {
    if (protocol === 'sqs') return sqs.call(operation, input, gone);
    if (protocol === 'events') return eventBridge.call(operation, input);
    return batch.call(operation, input);
  });

  function pending(): PendingWork {
    const depths = sqs.depths();
    const deadLetterQueues = new Set([
      ...depths.map((queue) => queue.deadLetterQueueArn),
      ...eventBridge.deadLetterQueueArns(),
    ]);
    const messages = depths
      .filter((queue) => !deadLetterQueues.has(queue.arn))
      .map((queue): [string, number] => [queue.name, queue.visible + queue.inFlight + queue.delayed]);
    return {
      messages: Object.fromEntries(messages),
      jobs: batch.unfinishedJobs(),
      replays: eventBridge.runningReplays(),
    };
  }

  async function close(): Promise<void> {
    // Jobs first: the events of their ends still go to the queues, and they still find the endpoint.
    await batch.close();
    await eventBridge.close();
    const portClosed = server.close();
    sqs.close();
    await portClosed;
    database.close();
  }
  let closed: Promise<void> | undefined;

  return {
    endpoint,
    port: server.port,
    pending,
    isIdle(queues) {
      const { messages, jobs, replays } = pending();
      const counted = Object.entries(messages).filter(([name]) => queues?.includes(name) ?? true);
      return jobs === 0 && replays === 0 && counted.every(([, count]) => count === 0);
    },
    close: () => (closed ??= close()),
  };
}
