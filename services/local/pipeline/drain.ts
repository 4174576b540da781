import { setTimeout as sleep } from 'node:timers/promises';
import { topology } from '../../../infra/topology.ts';
import { readPending } from '../../../sql/queries/read-pending.ts';
import { readStatus } from '../../../sql/queries/read-status.ts';
import { sweep } from '../../dispatcher/sweep.ts';
import { counted } from '../../shared/counted.ts';
import type { RunningServices } from './run-services.ts';
import type { Pipeline } from './start-pipeline.ts';

export class NotDrainedError extends Error {
  override name = 'NotDrainedError';
  constructor(invalidations: number, failure: string | null) {
    super(
      `${counted(invalidations, 'invalidation stays', 'invalidations stay')} pending, and no job is under way${failure ? `: the last that failed said ${failure}` : ''}. Logs of jobs on this machine are in the data folder, under cloud/job-logs; \`fibbars resample --pending\` tries again`,
    );
  }
}

export type Waiting = { readonly messages: number; readonly jobs: number };

const ofServices: readonly string[] = Object.values(topology.queues).map(({ name }) => name);

export type DrainOptions = {
  readonly signal: AbortSignal;
  readonly onWaiting?: (waiting: Waiting) => void;
  /** Queues that this process empties besides those of the services. All others are their subscribers' business, who may be away. */
  readonly queues?: readonly string[];
};

/** Sweeps that may find the same work left before it is called stuck. */
const mostSweeps = 3;

/**
 * Waits until all that this machine's pipeline has to do is done: events published, queues empty, jobs ended, no
 * invalidation pending. At rest it sweeps, so that what a crash left is taken up.
 * @throws {NotDrainedError} if jobs keep failing.
 */
export async function drain(
  pipeline: Pipeline,
  services: RunningServices,
  options: DrainOptions,
): Promise<void> {
  const { signal } = options;
  const ours = [...ofServices, ...(options.queues ?? [])];
  let sweeps = 0;
  let left = Infinity;
  while (!signal.aborted) {
    await pipeline.publish(signal);
    const found = await pipeline.db.withClient(readPending);
    const pending = pipeline.cloud.pending();
    const messages = ours.reduce((sum, name) => sum + (pending.messages[name] ?? 0), 0);
    options.onWaiting?.({ messages, jobs: pending.jobs });
    const atRest = !found.events && messages === 0 && pending.jobs === 0 && pending.replays === 0;
    if (atRest && !found.invalidations && !found.jobs) return;
    if (atRest) {
      const { invalidations, lastFailure } = await pipeline.db.withClient(readStatus);
      // Progress starts the count anew.
      sweeps = invalidations < left ? 1 : sweeps + 1;
      left = invalidations;
      if (sweeps > mostSweeps) throw new NotDrainedError(invalidations, lastFailure);
      // Nobody else submits to this cloud: an unfinished claim of any age, but one under way here, has no job.
      await sweep(services.dispatcher, { signal, minimumAgeMs: 0 });
    }
    await sleep(40, undefined, { signal }).catch(() => {});
  }
}
