import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { BatchClient } from '@aws-sdk/client-batch';

export type SubmittedJob = {
  readonly jobId: string;
  readonly jobName: string;
  readonly parameters: { readonly job: string; readonly intervals: string };
  arrayProperties?: { readonly size: number; readonly statusSummary?: Readonly<Record<string, number>> };
  status: string;
  attempts?: readonly { readonly stoppedAt: number }[];
  statusReason?: string;
};

/**
 * What SubmitJob does. accept: as Batch does. lose-answer: takes the job, and the connection breaks. time-out: takes the job, and
 * never answers. break: the connection breaks before. refuse: 400. throttle: 429.
 */
export type SubmitAnswer = 'accept' | 'lose-answer' | 'time-out' | 'break' | 'refuse' | 'throttle';

export type ScriptedBatch = {
  readonly endpoint: string;
  readonly client: BatchClient;
  /** In the order of their submission. */
  readonly jobs: SubmittedJob[];
  /** Answers for the next SubmitJobs; when there are none left, accept. */
  readonly answers: SubmitAnswer[];
  /** Whether ListJobs answers. */
  listing: boolean;
  close(): Promise<void>;
};

/** SubmitJob, ListJobs and DescribeJobs over their wire protocol, with answers of the test's choice. Runs nothing. */
export async function startScriptedBatch(): Promise<ScriptedBatch> {
  const jobs: SubmittedJob[] = [];
  const answers: SubmitAnswer[] = [];
  const server = createServer((request, response) => {
    const say = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const respond = async () => {
      const body = (await json(request)) as Record<string, unknown>;
      if (request.url === '/v1/submitjob') {
        const answer = answers.shift() ?? 'accept';
        if (answer === 'refuse') return say(400, { __type: 'ClientException', message: 'scripted' });
        if (answer === 'throttle')
          return say(429, { __type: 'TooManyRequestsException', message: 'scripted' });
        if (answer === 'break') return response.destroy();
        const job = { ...(body as Omit<SubmittedJob, 'jobId'>), jobId: randomUUID(), status: 'RUNNABLE' };
        jobs.push(job);
        if (answer === 'lose-answer') return response.destroy();
        if (answer === 'time-out') return undefined;
        return say(200, { jobId: job.jobId, jobName: job.jobName });
      }
      if (request.url === '/v1/listjobs') {
        if (!batch.listing) return response.destroy();
        const [filter] = body['filters'] as [{ values: string[] }];
        return say(200, { jobSummaryList: jobs.filter((job) => filter.values.includes(job.jobName)) });
      }
      return say(200, { jobs: jobs.filter((job) => (body['jobs'] as string[]).includes(job.jobId)) });
    };
    respond().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new BatchClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const batch: ScriptedBatch = {
    endpoint,
    client,
    jobs,
    answers,
    listing: true,
    async close() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  return batch;
}
