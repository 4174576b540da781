import type { ClientBase } from 'pg';

/** What waits, and what is done, at the stages of the flow that the database knows. Ages are in seconds, null without any. */
export type StageCounts = {
  /** Daily bars in bronze. */
  readonly bars: number;
  readonly firstDay: string | null;
  readonly lastDay: string | null;
  readonly unpublished: number;
  readonly oldestUnpublishedSeconds: number | null;
  /** Jobs by how far they are: claimed and not started, started and not ended, ended. */
  readonly claimed: number;
  readonly running: number;
  readonly failed: number;
  readonly succeeded: number;
  readonly invalidations: number;
  /** Symbols that these are of. */
  readonly symbols: number;
  readonly oldestInvalidationSeconds: number | null;
};

/** Bars are counted by the state of the symbols, which is exact: bronze itself is not read. */
export async function countStages(client: ClientBase): Promise<StageCounts> {
  const { rows } = await client.query<StageCounts>(
    `select known.bars, known."firstDay", known."lastDay",
            unpublished.count as unpublished,
            extract(epoch from clock_timestamp() - unpublished.oldest)::float8 as "oldestUnpublishedSeconds",
            job.*,
            pending.count as invalidations, pending.symbols,
            extract(epoch from clock_timestamp() - oldest.occurred_at)::float8 as "oldestInvalidationSeconds"
       from (select coalesce(sum(bar_count), 0)::float8 as bars, min(first_date) as "firstDay", max(last_date) as "lastDay"
               from ops.symbol) known
      cross join (select count(*)::int, min(written_at) as oldest from ops.outbox where published_at is null) unpublished
      cross join (select count(*) filter (where finished_at is null and started_at is null)::int as claimed,
                         count(*) filter (where finished_at is null and started_at is not null)::int as running,
                         count(*) filter (where outcome = 'failed')::int as failed,
                         count(*) filter (where outcome = 'succeeded')::int as succeeded
                    from ops.job) job
      cross join (select count(*)::int, count(distinct symbol)::int as symbols, min(change_id) as change_id
                    from ops.invalidation) pending
       left join ops.change oldest on oldest.id = pending.change_id`,
  );
  return rows[0] as StageCounts;
}
