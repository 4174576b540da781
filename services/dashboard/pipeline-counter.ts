import { countSilver } from '../../sql/queries/count-silver.ts';
import { countStages } from '../../sql/queries/count-stages.ts';
import { readIntervals } from '../../sql/queries/read-intervals.ts';
import { readTradingDays } from '../../sql/queries/read-status.ts';
import { missingSessions } from '../shared/calendar/missing-sessions.ts';
import type { Logger } from '../shared/logger.ts';
import type { Pipeline } from './api.ts';
import { type CloudCounts, unseen } from './cloud-counts.ts';
import { paced } from './paced.ts';
import type { Read } from './reads/read-only.ts';

export type CounterDeps = {
  readonly read: Read;
  /** undefined: the database alone is to be seen from here. */
  readonly countCloud: (() => Promise<CloudCounts>) | undefined;
  readonly logger: Logger;
};

/** Two who ask within this time see the same counts. */
const stagesPace = { leastMs: 400, rest: 20, mostMs: 60_000 };
/** Every row of silver is counted: 5,000 take 2 ms, 24 million some seconds. */
const silverPace = { leastMs: 400, rest: 50, mostMs: 300_000, giveLast: true };

/** Counts the stages of the flow, however often it is asked, at a cost that stays a small part of the time. */
export function createPipelineCounter({ read, countCloud, logger }: CounterDeps): () => Promise<Pipeline> {
  const countBars = paced(
    () => read(async (client) => countSilver(client, await readIntervals(client))),
    silverPace,
  );
  const outside = async () => {
    if (countCloud === undefined) return unseen;
    return await countCloud().catch((error: unknown) => {
      logger.warn({ err: error }, 'the queues cannot be counted');
      return unseen;
    });
  };
  const countRest = paced(async () => {
    const [{ stages, days }, cloud] = await Promise.all([
      read(async (client) => ({ stages: await countStages(client), days: await readTradingDays(client) })),
      outside(),
    ]);
    return {
      at: new Date().toISOString(),
      bronze: {
        bars: stages.bars,
        lastDay: stages.lastDay,
        missingDays: missingSessions(days, stages.firstDay).length,
      },
      outbox: { unpublished: stages.unpublished, oldestAgeSeconds: stages.oldestUnpublishedSeconds },
      ...cloud,
      jobs: {
        claimed: stages.claimed,
        running: stages.running,
        failed: stages.failed,
        succeeded: stages.succeeded,
      },
      pending: {
        invalidations: stages.invalidations,
        symbols: stages.symbols,
        oldestAgeSeconds: stages.oldestInvalidationSeconds,
      },
    };
  }, stagesPace);
  return async () => {
    const [rest, silver] = await Promise.all([countRest(), countBars()]);
    return { ...rest, silver: silver.map(({ days, bars }) => ({ interval: days, bars })) };
  };
}
