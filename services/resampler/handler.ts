import { readIntervals } from '../../sql/queries/read-intervals.ts';
import { assertSchemaVersion } from '../../sql/schema-version.ts';
import { exitCodes, UsageError } from '../shared/exit-code.ts';
import { finishShard } from '../shared/jobs/finish-shard.ts';
import { startJob } from '../shared/jobs/start-job.ts';
import type { Measured } from '../shared/metrics.ts';
import { costOf } from '../shared/task-price.ts';
import type { ResamplerConfig } from './config.ts';
import { shardOf } from './plan-chunks.ts';
import { type ResampleDeps, resample } from './resample.ts';

type Request = Pick<ResamplerConfig, 'jobId' | 'intervals' | 'shard' | 'sessions'> &
  Partial<Pick<ResamplerConfig, 'taskPrice'>>;

/**
 * Runs one claimed job, or one shard of it, and returns the exit code.
 * Safe to run twice, also at once: the second finds nothing to do.
 */
export async function runJob(
  deps: ResampleDeps & { readonly onStart?: (correlationId: string) => void },
  request: Request,
): Promise<number> {
  const { db, logger } = deps;
  const startedMs = performance.now();
  // What an earlier run has committed but not published: nobody else may be awake.
  await deps.publish();
  const job = await db.repeat(async (client) => {
    await assertSchemaVersion(client);
    const known = await readIntervals(client);
    const unknown = request.intervals.filter((days) => !known.includes(days));
    if (unknown.length > 0) {
      throw new UsageError(
        `--intervals names ${unknown.join(', ')}, but only ${known.join(', ')} have tables: run \`fibbars intervals add\` first`,
      );
    }
    return await startJob(client, request.jobId);
  });
  if (job === undefined) {
    logger.info('the claim is done or was given up: nothing to do');
    return exitCodes.done;
  }
  if (request.shard >= job.shards) {
    throw new UsageError(
      `AWS_BATCH_JOB_ARRAY_INDEX is ${request.shard}, but the job has ${job.shards} shards`,
    );
  }
  const symbols = shardOf(job.symbols, request.shard, job.shards);
  // A job takes changes of several correlations along, and bears the id of the newest.
  deps.onStart?.(job.correlationId);
  const log = logger.child({ correlationId: job.correlationId });
  const result = await resample(
    { ...deps, logger: log },
    {
      jobId: request.jobId,
      symbols,
      intervals: request.intervals,
      sessions: request.sessions,
    },
  );
  if (result.complete) await db.repeat((client) => finishShard(client, request.jobId, request.shard));
  const durationMs = Math.round(performance.now() - startedMs);
  const metrics: Measured = {
    jobDuration: durationMs,
    rowsChanged: result.changedRows,
    ...costOf(request.taskPrice, durationMs),
  };
  const report = { ...result, durationMs, metrics };
  if (!result.complete) {
    log.warn(report, 'stopped before the end: the rest stays pending');
    return exitCodes.tryAgain;
  }
  log.info(report, 'job is done');
  return exitCodes.done;
}
