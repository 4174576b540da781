import type { ClientBase } from 'pg';

export type NewJob = {
  readonly id: string;
  readonly name: string;
  readonly throughId: string;
  /** Ascending in byte order. */
  readonly symbols: readonly string[];
  readonly shards: number;
  readonly correlationId: string;
  readonly causationId: string;
};

/** Claims a job for every configured interval and returns those. */
export async function insertJob(client: ClientBase, job: NewJob): Promise<number[]> {
  const { rows } = await client.query<{ intervals: number[] }>(
    `insert into ops.job (id, name, intervals, through_id, symbols, shards, correlation_id, causation_id, claimed_at)
     values ($1, $2, array(select days from ops.interval order by days), $3, $4, $5, $6, $7, clock_timestamp())
     returning intervals`,
    [job.id, job.name, job.throughId, job.symbols, job.shards, job.correlationId, job.causationId],
  );
  return rows[0]?.intervals ?? [];
}
