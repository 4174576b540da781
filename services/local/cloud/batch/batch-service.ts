import { join } from 'node:path';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { EnvelopeParts } from '../event-bridge/event-envelope.ts';
import type { StateDatabase } from '../state-database.ts';
import { openBatchResources } from './batch-resources.ts';
import { clientError, type Input, isFinished, type Job, jobStatuses, textOf } from './batch-types.ts';
import { jobDetail, jobSummary } from './job-detail.ts';
import { type JobRunnerDeps, startJobRunner } from './job-runner.ts';
import { openJobStore } from './job-store.ts';
import { newJobs } from './new-jobs.ts';

export type BatchService = {
  /** Answers one call; the operation is the path's last part, in lower case as it is on the wire. */
  call(operation: string, input: Input): object;
  /** Jobs that have not ended, an array's parent and children each counted. */
  unfinishedJobs(): number;
  close(): Promise<void>;
};

export type BatchDeps = Omit<JobRunnerDeps, 'store' | 'announce' | 'logDirectory'> & {
  readonly account: Account;
  readonly database: StateDatabase;
  readonly directory: string;
  readonly publish: (event: EnvelopeParts) => void;
};

export function openBatchService(deps: BatchDeps): BatchService {
  const store = openJobStore(deps.database);
  const resources = openBatchResources(deps.account, deps.database);
  const runner = startJobRunner({
    ...deps,
    store,
    logDirectory: join(deps.directory, 'job-logs'),
    // https://docs.aws.amazon.com/batch/latest/userguide/batch_job_events.html
    announce: (job) =>
      deps.publish({
        source: 'aws.batch',
        detailType: 'Batch Job State Change',
        time: new Date(),
        resources: [job.jobArn],
        detail: JSON.stringify(jobDetail(store, job)),
      }),
  });

  function end(input: Input, how: 'terminate' | 'cancel'): object {
    const job = store.get(textOf(input, 'jobId'));
    const reason = textOf(input, 'reason');
    if (job && !isFinished(job)) runner.end(job, how, reason);
    return {};
  }

  function listJobs(input: Input): object {
    const parent = input['arrayJobId'];
    let found: Job[];
    if (typeof parent === 'string') {
      found = store.children(parent);
    } else {
      const queue = resources.jobQueue(textOf(input, 'jobQueue')).jobQueueArn;
      found = store.all().filter((job) => job.jobQueue === queue && !isChild(job));
    }
    const filters = (input['filters'] ?? []) as { name: string; values: string[] }[];
    const byName = filters.find((filter) => filter.name === 'JOB_NAME');
    const otherFilter = filters.find((filter) => filter !== byName);
    if (otherFilter)
      throw clientError(`The local cloud does not implement the filter ${otherFilter.name} of ListJobs`);
    if (byName) {
      found = found.filter((job) => byName.values.some((value) => isNamed(job.jobName, value)));
    } else if (typeof parent !== 'string' || input['jobStatus']) {
      const status = input['jobStatus'] ?? 'RUNNING';
      if (!jobStatuses.some((each) => each === status)) {
        throw clientError(`Error executing request, Exception : not a job status: ${JSON.stringify(status)}`);
      }
      found = found.filter((job) => job.status === status);
    }
    const from = Number(input['nextToken'] ?? 0);
    const through = from + Math.min(1_000, Number(input['maxResults'] ?? 1_000));
    return {
      jobSummaryList: found.slice(from, through).map((job) => jobSummary(store, job)),
      ...(through < found.length && { nextToken: String(through) }),
    };
  }

  const operations: Record<string, (input: Input) => object> = {
    ...resources.operations,
    submitjob(input) {
      const jobs = newJobs({ account: deps.account, resources }, input);
      runner.submit(jobs);
      const [{ jobArn, jobName, jobId }] = jobs;
      return { jobArn, jobName, jobId };
    },
    describejobs(input) {
      const ids = (input['jobs'] ?? []) as string[];
      if (ids.length > 100) {
        throw clientError(`Error executing request, Exception : at most 100 jobs, not ${ids.length}`);
      }
      const found = ids.flatMap((id) => store.get(id.slice(id.lastIndexOf('/') + 1)) ?? []);
      return { jobs: found.map((job) => jobDetail(store, job)) };
    },
    listjobs: listJobs,
    terminatejob: (input) => end(input, 'terminate'),
    canceljob: (input) => end(input, 'cancel'),
  };

  return {
    call(operation, input) {
      const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (!run) {
        throw new AwsError('ClientException', `The local cloud does not implement Batch ${operation}`, 404);
      }
      return run(input);
    },
    unfinishedJobs: () => store.all().filter((job) => !isFinished(job)).length,
    close: () => runner.close(),
  };
}

function isChild(job: Job): boolean {
  return job.array !== undefined && 'parent' in job.array;
}

/** Case is ignored, and an asterisk at the end stands for anything (KeyValuesPair of the API reference). */
function isNamed(name: string, asked: string): boolean {
  const [lower, pattern] = [name.toLowerCase(), asked.toLowerCase()];
  return pattern.endsWith('*') ? lower.startsWith(pattern.slice(0, -1)) : lower === pattern;
}
