import type { PendingSymbol } from '../../sql/queries/pending-symbols.ts';

/** Enough to make the cost of a transaction vanish, few enough that two chunks at once stay far below what a job may take. */
const barsPerChunk = 200_000;
/** Keeps a SilverUpdated, which names each symbol up to twice in up to 23 bytes, under the 256 KB that EventBridge takes. */
const symbolsPerChunk = 2_000;

/** Splits the symbols, in their order, into chunks that are worth a transaction each. */
export function planChunks(pending: readonly PendingSymbol[]): string[][] {
  const chunks: string[][] = [];
  let bars = Infinity;
  for (const each of pending) {
    const last = chunks.at(-1);
    if (last === undefined || bars + each.bars > barsPerChunk || last.length >= symbolsPerChunk) {
      chunks.push([each.symbol]);
      bars = each.bars;
    } else {
      last.push(each.symbol);
      bars += each.bars;
    }
  }
  return chunks;
}

/** The symbols of one shard of a job: positions p with floor(p × shards / n) = shard. */
export function shardOf(symbols: readonly string[], shard: number, shards: number): string[] {
  return symbols.filter((_, position) => Math.floor((position * shards) / symbols.length) === shard);
}
