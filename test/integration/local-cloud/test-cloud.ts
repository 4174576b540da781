import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DescribeJobsCommand, type JobDetail } from '@aws-sdk/client-batch';
import { type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import {
  type LocalCloud,
  type LocalCloudOptions,
  startLocalCloud,
} from '../../../services/local/cloud/start-local-cloud.ts';
import { type AwsClients, createAwsClients } from '../../../services/shared/aws-clients.ts';
import { readAwsConfig } from '../../../services/shared/aws-config.ts';
import { createLogger } from '../../../services/shared/logger.ts';

const jobProgram = fileURLToPath(new URL('./job-program.ts', import.meta.url));

export type TestCloud = { cloud: LocalCloud; clients: AwsClients; directory: string };

export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'fibbars-cloud-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function clientsFor(endpoint: string): AwsClients {
  const clients = createAwsClients(readAwsConfig({ AWS_ENDPOINT_URL: endpoint }));
  onTestFinished(() => clients.destroy());
  return clients;
}

/** A local cloud that ends with the test; its jobs run `job-program.ts`. */
export async function startTestCloud(options: Partial<LocalCloudOptions> = {}): Promise<TestCloud> {
  const directory = options.directory ?? newDirectory();
  const cloud = await startLocalCloud({
    directory,
    commands: { program: [process.execPath, jobProgram] },
    timing: { terminateGraceMs: 500, closeGraceMs: 2_000 },
    logger: createLogger('test', 'fatal'),
    ...options,
  });
  onTestFinished(() => cloud.close());
  return { cloud, clients: clientsFor(cloud.endpoint), directory };
}

/** Receives and does not delete, until `count` messages have come. */
export async function receive({ sqs }: AwsClients, queueUrl: string, count: number): Promise<Message[]> {
  const messages: Message[] = [];
  while (messages.length < count) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(10, count - messages.length),
        WaitTimeSeconds: 5,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) break;
    messages.push(...Messages);
  }
  return messages;
}

export async function jobWhen(
  { batch }: AwsClients,
  jobId: string,
  condition: (job: JobDetail) => boolean,
): Promise<JobDetail> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const { jobs } = await batch.send(new DescribeJobsCommand({ jobs: [jobId] }));
    const job = jobs?.[0];
    if (job && condition(job)) return job;
    if (Date.now() > deadline) throw new Error(`the job did not come to it: ${JSON.stringify(job)}`);
    await sleep(20);
  }
}

export const hasEnded = (job: JobDetail) => job.status === 'SUCCEEDED' || job.status === 'FAILED';

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`never: ${condition.toString()}`);
    await sleep(20);
  }
}
