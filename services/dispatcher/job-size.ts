export type JobSize = {
  /** Daily bars that one process reads in a few minutes, which is what a Batch job is worth starting for. */
  readonly barsPerShard: number;
  /** Most children of an array job: they share one database. */
  readonly maxShards: number;
};

export const defaultJobSize: JobSize = { barsPerShard: 2_000_000, maxShards: 16 };

/** Shards for the work: 1 is one plain job, anything more an array job. No shard is without a symbol. */
export function shardsFor(work: { bars: number; symbols: number }, size: JobSize): number {
  return Math.max(1, Math.min(Math.ceil(work.bars / size.barsPerShard), size.maxShards, work.symbols));
}
