/**
 * The relay from ops.outbox to the bus. Its invariant: a row is marked published only after EventBridge took it, and is
 * locked from before it is sent until it is marked. So a crash anywhere releases the rows, and the worst is that an event
 * goes out twice, with the same metadata.id; two relays never send one row at the same time.
 */
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { claimOutbox } from '../../sql/queries/claim-outbox.ts';
import { settleOutbox } from '../../sql/queries/settle-outbox.ts';
import { correlationIdIn } from './correlation-id-in.ts';
import type { Client, Database } from './database.ts';
import type { Logger } from './logger.ts';
import { type PutOutcome, putEvents } from './put-events.ts';

export type PublishDeps = {
  readonly db: Database;
  readonly eventBridge: EventBridgeClient;
  readonly busName: string;
  readonly logger: Logger;
};

export type Published = {
  /** Events that EventBridge took. */
  readonly published: number;
  /** Events that it did not take; they stay in the outbox, with the reason in last_error, for the next call. */
  readonly failed: number;
};

/** Rows a transaction: 20 full requests, and a crash repeats no more than this. */
const batchSize = 200;

/**
 * Publishes what the outbox holds, until nothing is left that it could claim. Safe to call from several processes at once.
 * When `signal` aborts, requests under way finish and are marked, and nothing more is sent.
 */
export async function publishOutbox(
  deps: PublishDeps,
  { signal }: { signal: AbortSignal },
): Promise<Published> {
  let published = 0;
  const notTaken: string[] = [];
  while (!signal.aborted) {
    const outcomes = await publishBatch(deps, notTaken, signal);
    if (outcomes.length === 0) break;
    const batch = { published: 0, failed: 0 };
    for (const { entry, state, error } of outcomes) {
      if (state === 'published') batch.published++;
      if (state === 'failed') batch.failed++;
      if (state === 'refused' || state === 'failed') notTaken.push(entry.id);
      if (state === 'refused') {
        deps.logger.error(
          {
            outboxId: entry.id,
            detailType: entry.detailType,
            correlationId: correlationIdIn(entry.detail),
            reason: error,
          },
          'EventBridge refuses an event: it stays in ops.outbox until it is repaired',
        );
      }
    }
    published += batch.published;
    if (batch.failed > 0) {
      const reason = outcomes.find(({ state }) => state === 'failed')?.error;
      deps.logger.error({ failed: batch.failed, reason }, 'Events not published: they stay in ops.outbox');
      // Not one went through: the bus is away.
      if (batch.published === 0) break;
    }
  }
  return { published, failed: notTaken.length };
}

async function publishBatch(
  deps: PublishDeps,
  except: readonly string[],
  signal: AbortSignal,
): Promise<PutOutcome[]> {
  let sent: string[] = [];
  return await deps.db.transaction(
    async (client) => {
      const rows = await claimOutbox(client, { limit: batchSize, except });
      if (rows.length === 0) return [];
      const outcomes = await putEvents(
        deps,
        rows.map(({ writtenAt, ...row }) => ({ ...row, time: writtenAt })),
        signal,
      );
      const settled = outcomes.filter(({ state }) => state !== 'unsent');
      sent = settled.filter(({ state }) => state === 'published').map(({ entry }) => entry.id);
      await settleOutbox(
        client,
        settled.map(({ entry, attempts, error }) => ({ id: entry.id, attempts, error })),
      );
      return outcomes;
    },
    {
      committed: async (client) => await allPublished(client, sent),
      onRetry: (error) => deps.logger.warn({ err: error }, 'Publishing a batch again'),
    },
  );
}

async function allPublished(client: Client, ids: readonly string[]): Promise<boolean> {
  const { rowCount } = await client.query(
    'select from ops.outbox where id = any ($1::bigint[]) and published_at is null limit 1',
    [ids],
  );
  return rowCount === 0;
}
