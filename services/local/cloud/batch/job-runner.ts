import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../../shared/logger.ts';
import { nameOf } from '../account.ts';
import { type AttemptEnd, afterAttempt } from './attempt-end.ts';
import { isFinished, type Job } from './batch-types.ts';
import type { JobStore } from './job-store.ts';
import { endOrphan } from './process-identity.ts';
import { type RunningProcess, runProcess } from './run-process.ts';
import { type Pace, StartPacer } from './start-pacer.ts';

/** Between two tries to note what a full disk keeps from being noted. */
const retryMs = 1_000;

export type JobTiming = {
  /** Between SIGTERM and SIGKILL of a job that is terminated or over its time: Fargate's 30 s. */
  readonly terminateGraceMs: number;
  /** The same when the local cloud closes, and for processes that an earlier run left. */
  readonly closeGraceMs: number;
  /** Length of a second of a job's timeout. */
  readonly timeoutSecondMs: number;
};

export type JobRunnerDeps = {
  readonly store: JobStore;
  /** Tells the default bus where a job stands now. */
  readonly announce: (job: Job) => void;
  /** Where logs go, one file an attempt. */
  readonly logDirectory: string;
  /** What stands for the image: the first word of a command names the program. */
  readonly commands: Readonly<Record<string, readonly [string, ...string[]]>>;
  readonly environment: () => Readonly<Record<string, string>>;
  readonly maxVcpus: number;
  /** Children of an array job start together. */
  readonly pace: Pace;
  readonly timing: JobTiming;
  readonly logger: Logger;
};

export type JobRunner = {
  /** Takes new jobs; they run when there is room. */
  submit(jobs: readonly Job[]): void;
  /** Fails the job and, of an array, its unfinished children; cancelling leaves alone what has started. */
  end(job: Job, how: 'terminate' | 'cancel', reason: string): void;
  /** Stops what runs, to be run again by the next start. */
  close(): Promise<void>;
};

/** Runs the store's unfinished jobs, those of an earlier run first. */
export function startJobRunner(deps: JobRunnerDeps): JobRunner {
  const { store, timing, logger } = deps;
  const waiting: string[] = [];
  const running = new Map<string, { vcpus: number; process: RunningProcess; done: Promise<void> }>();
  const recoveries = new Set<Promise<void>>();
  const pacer = new StartPacer(deps.pace, performance.now());
  let paused: NodeJS.Timeout | undefined;
  let retelling: NodeJS.Timeout | undefined;
  let closing = false;
  mkdirSync(deps.logDirectory, { recursive: true });

  /** The new state is durable before it is told, so that after a kill it is told again rather than never. */
  function save(job: Job): Job {
    store.put(job);
    tell();
    return job;
  }

  function tell(): void {
    try {
      for (const news of store.unannounced()) {
        deps.announce(news);
        store.announced(news.jobId);
      }
    } catch (error) {
      if (retelling || closing) return;
      logger.warn({ err: error }, 'what became of a job cannot be told, and will be tried again');
      retelling = setTimeout(() => {
        retelling = undefined;
        tell();
      }, retryMs);
    }
  }

  /** At once, or as soon as it can be: a full disk is no end of a job. A new start takes up what it left. */
  async function untilNoted(note: () => void): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        note();
        return;
      } catch (error) {
        if (tries === 1)
          logger.warn({ err: error }, 'what became of a job cannot be noted, and will be tried again');
      }
      if (closing) return;
      await sleep(retryMs);
    }
  }

  function pause(ms: number): void {
    paused = setTimeout(() => {
      paused = undefined;
      startWaiting();
    }, ms);
  }

  function makeRunnable(job: Job): void {
    save({ ...job, status: 'RUNNABLE' });
    waiting.push(job.jobId);
    // Not from within: the caller's answer is to leave before the job starts.
    setImmediate(startWaiting);
  }

  function startWaiting(): void {
    while (waiting.length > 0) {
      if (closing || paused) return;
      const job = store.get(waiting[0] ?? '');
      const used = [...running.values()].reduce((sum, each) => sum + each.vcpus, 0);
      const vcpus = Math.min(deps.maxVcpus, job ? vcpusOf(job) : 0);
      if (used + vcpus > deps.maxVcpus) return;
      const waitMs = job?.array ? 0 : pacer.take(performance.now());
      if (waitMs > 0) {
        pause(waitMs);
        return;
      }
      if (job?.status === 'RUNNABLE') {
        try {
          save({ ...job, status: 'STARTING' });
        } catch (error) {
          logger.warn({ err: error }, 'a job cannot be noted as started, and will be tried again');
          pause(retryMs);
          return;
        }
        start({ ...job, status: 'STARTING' }, vcpus);
      }
      waiting.shift();
    }
  }

  /** @param job noted as STARTING. */
  function start(job: Job, vcpus: number): void {
    const logStreamName = logNameOf(job);
    const [word = '', ...args] = job.command;
    const program = Object.hasOwn(deps.commands, word) ? deps.commands[word] : undefined;
    const run = runProcess({
      // Fails to start, naming itself, as an image without that program does.
      command: program ? [...program, ...args] : [word || '(no command)', ...args],
      environment: environmentOf(job, deps.environment()),
      logFile: join(deps.logDirectory, logStreamName),
    });
    const startedAt = Date.now();
    const noted = untilNoted(() => {
      const current = store.get(job.jobId);
      if (current?.status !== 'STARTING') return;
      save({ ...current, status: 'RUNNING', startedAt, ...(run.identity && { process: run.identity }) });
    });
    let timedOut = false;
    const timer =
      job.timeoutSeconds === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            run.stop(timing.terminateGraceMs);
          }, job.timeoutSeconds * timing.timeoutSecondMs);
    const untilEnded = async () => {
      const exit = await run.exit;
      clearTimeout(timer);
      const end = { ...exit, startedAt, stoppedAt: Date.now(), logStreamName, timedOut, cutOff: closing };
      await noted;
      await untilNoted(() => ended(job.jobId, end));
      running.delete(job.jobId);
      startWaiting();
    };
    const done = untilEnded();
    running.set(job.jobId, { vcpus, process: run, done });
  }

  function ended(jobId: string, end: AttemptEnd): void {
    const before = store.get(jobId);
    if (!before) return;
    if (isFinished(before)) {
      endParentOf(before);
      return;
    }
    const job = afterAttempt(before, end);
    logger.debug(
      { job: job.jobName, id: jobId, exitCode: end.exitCode, reason: job.statusReason },
      'job attempt ended',
    );
    if (job.status === 'RUNNABLE') makeRunnable(job);
    else finish(job);
  }

  function finish(job: Job): void {
    save(job);
    endParentOf(job);
  }

  function endParentOf(job: Job): void {
    if (job.array && 'parent' in job.array) finishParent(job.array.parent);
  }

  function finishParent(parentId: string): void {
    const parent = store.get(parentId);
    if (!parent?.array || !('size' in parent.array) || isFinished(parent)) return;
    const { SUCCEEDED: succeeded = 0, FAILED: failed = 0 } = store.summary(parentId);
    if (succeeded + failed < parent.array.size) return;
    const stopped = { ...parent, stoppedAt: Date.now() };
    save(
      failed === 0
        ? { ...stopped, status: 'SUCCEEDED' }
        : { ...stopped, status: 'FAILED', statusReason: parent.endReason ?? 'Array Child Job failed' },
    );
  }

  async function recover(job: Job): Promise<void> {
    if (job.process) await endOrphan(job.process, timing.closeGraceMs);
    const end = {
      startedAt: job.startedAt ?? Date.now(),
      stoppedAt: Date.now(),
      logStreamName: logNameOf(job),
      timedOut: false,
      cutOff: true,
    };
    await untilNoted(() => ended(job.jobId, end));
  }

  for (const job of store.all()) {
    if (isFinished(job)) continue;
    if (job.array && 'size' in job.array) {
      finishParent(job.jobId);
    } else if (job.status === 'STARTING' || job.status === 'RUNNING') {
      const recovery = recover(job)
        .catch((error: unknown) => logger.error({ err: error, id: job.jobId }, 'job not recovered'))
        .finally(() => recoveries.delete(recovery));
      recoveries.add(recovery);
    } else {
      makeRunnable(job);
    }
  }
  tell();

  return {
    submit(jobs) {
      store.put(...jobs);
      for (const job of jobs) {
        // They are accepted, and this begins at once.
        void untilNoted(() => {
          if (job.array && 'size' in job.array) save({ ...job, status: 'PENDING' });
          else makeRunnable(job);
        });
      }
    },
    end(job, how, reason) {
      const mark = {
        endReason: reason,
        ...(how === 'terminate' ? { isTerminated: true } : { isCancelled: true }),
      };
      const isParent = job.array && 'size' in job.array;
      if (isParent) save({ ...job, ...mark });
      for (const each of isParent ? store.children(job.jobId) : [job]) {
        if (isFinished(each)) continue;
        if (each.status !== 'STARTING' && each.status !== 'RUNNING') {
          finish({ ...each, ...mark, status: 'FAILED', statusReason: reason, stoppedAt: Date.now() });
        } else if (how === 'terminate') {
          save({ ...each, ...mark });
          running.get(each.jobId)?.process.stop(timing.terminateGraceMs);
        }
      }
    },
    async close() {
      closing = true;
      clearTimeout(paused);
      clearTimeout(retelling);
      for (const each of running.values()) each.process.stop(timing.closeGraceMs);
      await Promise.all([...[...running.values()].map((each) => each.done), ...recoveries]);
    },
  };
}

function logNameOf(job: Job): string {
  return `${job.jobId.replace(':', '-')}-${job.attempts.length + 1}.log`;
}

function vcpusOf(job: Job): number {
  return Number(job.resourceRequirements.find((each) => each.type === 'VCPU')?.value ?? 1);
}

/** https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html */
function environmentOf(job: Job, common: Readonly<Record<string, string>>): Record<string, string> {
  return {
    ...common,
    ...Object.fromEntries(job.environment.map(({ name, value }) => [name, value])),
    AWS_BATCH_JOB_ID: job.jobId,
    AWS_BATCH_JOB_ATTEMPT: String(job.attempts.length + 1),
    AWS_BATCH_JQ_NAME: nameOf(job.jobQueue),
    AWS_BATCH_CE_NAME: 'local',
    ...(job.array && 'parent' in job.array && { AWS_BATCH_JOB_ARRAY_INDEX: String(job.array.index) }),
  };
}
