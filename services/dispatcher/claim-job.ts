/**
 * The claim. Its invariant: after the commit every invalidation that was committed before the lock was got is covered
 * by a live job, and none by two because of two claims.
 *
 * The lock is what makes it exact. A job starts by an update of its row, which waits for the lock: so an unstarted job
 * is unstarted until the commit, and its snapshot will show all that was read here. Claims wait for each other.
 */
import { randomUUID } from 'node:crypto';
import { extendJob } from '../../sql/queries/extend-job.ts';
import { findUncovered } from '../../sql/queries/find-uncovered.ts';
import { insertJob } from '../../sql/queries/insert-job.ts';
import { lockJobs } from '../../sql/queries/lock-jobs.ts';
import type { Client } from '../shared/database.ts';
import { consumedBefore } from '../shared/idempotency.ts';
import { type JobSize, shardsFor } from './job-size.ts';

export type ClaimedJob = {
  readonly id: string;
  readonly name: string;
  readonly intervals: readonly number[];
  readonly shards: number;
  readonly symbolCount: number;
  readonly correlationId: string;
};

export type Claim =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'extended';
      readonly jobId: string;
      readonly symbolCount: number;
      /** Of the newest change that was added. */
      readonly correlationId: string | null;
    }
  | { readonly kind: 'claimed'; readonly job: ClaimedJob };

/** In ops.consumed. */
export const consumer = 'dispatcher';

export type Askers = {
  /** Of the events that ask for it: noted as handled. If there are any and all were handled before, nothing is claimed. */
  readonly keys?: readonly string[];
  /** Something else asks for it too, so that it is claimed in any case. */
  readonly anyway?: boolean;
};

/** Claims all that no live job covers. Within a READ COMMITTED transaction of the caller, which should commit at once. */
export async function claimJob(
  client: Client,
  size: JobSize,
  { keys = [], anyway = false }: Askers = {},
): Promise<Claim> {
  await lockJobs(client);
  const handled = keys.length > 0 && (await consumedBefore(client, consumer, keys));
  if (handled && !anyway) return { kind: 'nothing' };
  const uncovered = await findUncovered(client);
  if (!uncovered) return { kind: 'nothing' };
  const symbolCount = uncovered.symbols.length;
  const shards = shardsFor({ bars: uncovered.bars, symbols: symbolCount }, size);
  if (shards === 1) {
    const jobId = await extendJob(client, uncovered.symbols);
    if (jobId) return { kind: 'extended', jobId, symbolCount, correlationId: uncovered.correlationId };
  }
  const id = randomUUID();
  const job = {
    id,
    name: jobName(id),
    shards,
    correlationId: uncovered.correlationId ?? randomUUID(),
  };
  const intervals = await insertJob(client, {
    ...job,
    throughId: uncovered.throughId,
    symbols: uncovered.symbols,
    causationId: uncovered.causationId ?? randomUUID(),
  });
  return { kind: 'claimed', job: { ...job, intervals, symbolCount } };
}

/** Deterministic, so that a job whose id was never stored is found by its name. */
export function jobName(jobId: string): string {
  return `resample-${jobId}`;
}

/** The job's id in a name made by `jobName`; undefined for the name of another job. */
export function jobIdOf(name: string): string | undefined {
  return /^resample-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(name)?.[1];
}
