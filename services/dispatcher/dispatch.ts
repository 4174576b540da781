import { deleteConsumed } from '../../sql/queries/delete-consumed.ts';
import { failJob } from '../../sql/queries/fail-job.ts';
import { storeBatchJob } from '../../sql/queries/store-batch-job.ts';
import type { Client, Database } from '../shared/database.ts';
import type { Logger } from '../shared/logger.ts';
import { type Askers, type Claim, claimJob, consumer } from './claim-job.ts';
import type { JobSize } from './job-size.ts';
import { type SubmitDeps, SubmitRefusedError, submitJob } from './submit-job.ts';

export type DispatchDeps = SubmitDeps & {
  readonly db: Database;
  readonly logger: Logger;
  readonly jobSize: JobSize;
};

/** submitted: a new job. coalesced: a job that waits takes it along. nothing: nothing is pending that no job covers. */
export type Dispatched =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'coalesced'; readonly jobId: string }
  | { readonly kind: 'submitted'; readonly jobId: string; readonly batchJobId: string };

export type DispatchOptions = Askers & { readonly signal: AbortSignal };

/** Claims that this process is submitting just now. */
const underWay = new Set<string>();

/** Whether this process will submit the claim's job yet, or knows already that it cannot: it is not lost. */
export function isUnderWay(jobId: string): boolean {
  return underWay.has(jobId);
}

/**
 * Claims all pending invalidations that no live job covers, and submits one job (or one array job) for them.
 * Safe to call at any time and from several processes at once.
 *
 *   claim (commit) ──▶ SubmitJob ──▶ store the id
 *         └ died here, the sweep fails the claim   └ died here, the sweep finds the job by its name
 *
 * @throws {SubmitRefusedError} after giving the claim up, so that a repeated message tries again.
 * @throws {SubmitOutcomeUnknownError} with the claim in place, for the sweep.
 */
export async function dispatchPending(deps: DispatchDeps, options: DispatchOptions): Promise<Dispatched> {
  const mine: string[] = [];
  try {
    return await claimAndSubmit(deps, options, (jobId) => {
      mine.push(jobId);
      underWay.add(jobId);
    });
  } finally {
    for (const jobId of mine) underWay.delete(jobId);
  }
}

async function claimAndSubmit(
  deps: DispatchDeps,
  { signal, ...askers }: DispatchOptions,
  onClaim: (jobId: string) => void,
): Promise<Dispatched> {
  const claim = await commitClaim(deps, askers, onClaim);
  if (claim.kind === 'nothing') {
    deps.logger.debug('Nothing pending that no job covers');
    return { kind: 'nothing' };
  }
  if (claim.kind === 'extended') {
    const { jobId, symbolCount: symbols, correlationId } = claim;
    deps.logger.info({ jobId, symbols, correlationId }, 'Added to a job that waits');
    return { kind: 'coalesced', jobId };
  }
  const { job } = claim;
  try {
    const batchJobId = await submitJob(deps, job, signal);
    await deps.db.transaction((client) => storeBatchJob(client, job.id, batchJobId), {
      committed: async () => false,
    });
    deps.logger.info(
      {
        jobId: job.id,
        batchJobId,
        symbols: job.symbolCount,
        shards: job.shards,
        correlationId: job.correlationId,
      },
      'Job submitted',
    );
    return { kind: 'submitted', jobId: job.id, batchJobId };
  } catch (error) {
    if (error instanceof SubmitRefusedError) await release(deps, job.id, askers.keys ?? [], error);
    throw error;
  }
}

/** @param onClaim is told before the commit, after which others see the claim. */
async function commitClaim(
  deps: DispatchDeps,
  askers: Askers,
  onClaim: (jobId: string) => void,
): Promise<Claim> {
  let claim: Claim = { kind: 'nothing' };
  return await deps.db.transaction(
    async (client) => {
      claim = await claimJob(client, deps.jobSize, askers);
      if (claim.kind === 'claimed') onClaim(claim.job.id);
      return claim;
    },
    {
      committed: (client) => isClaimed(client, claim),
      onRetry: (error) => deps.logger.warn({ err: error }, 'Claiming again'),
    },
  );
}

/** An extension is settled by doing it again: what was added is then covered, and what was not is added. */
async function isClaimed(client: Client, claim: Claim): Promise<boolean> {
  if (claim.kind !== 'claimed') return false;
  const { rowCount } = await client.query('select from ops.job where id = $1', [claim.job.id]);
  return rowCount === 1;
}

async function release(
  deps: DispatchDeps,
  jobId: string,
  keys: readonly string[],
  reason: SubmitRefusedError,
): Promise<void> {
  await deps.db.transaction(
    async (client) => {
      await failJob(client, jobId, { failure: reason.message });
      await deleteConsumed(client, { consumer, keys });
    },
    { committed: async () => false },
  );
}
