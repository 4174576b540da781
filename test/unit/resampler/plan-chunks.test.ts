import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planChunks, shardOf } from '../../../services/resampler/plan-chunks.ts';

const pending = (...bars: number[]) => bars.map((count, index) => ({ symbol: `S${index}`, bars: count }));
const sizes = (...bars: number[]) => planChunks(pending(...bars)).map((chunk) => chunk.length);

describe('chunks', () => {
  it('hold 200,000 bars at most', () => {
    expect(sizes(100_000, 100_000, 1)).toEqual([2, 1]);
    expect(sizes(100_000, 100_001, 99_999, 1)).toEqual([1, 2, 1]);
    expect(sizes(199_999, 1, 200_000, 1)).toEqual([2, 1, 1]);
  });

  it('hold a symbol that is longer than that alone', () => {
    expect(sizes(1, 500_000, 1)).toEqual([1, 1, 1]);
  });

  it('hold 2,000 symbols at most', () => {
    expect(sizes(...Array.from({ length: 4_001 }, () => 1))).toEqual([2_000, 2_000, 1]);
  });

  it('count the bars of each chunk anew, and hold every symbol once and in order', () => {
    expect(sizes(150_000, 100_000, 100_000, 100_000)).toEqual([1, 2, 1]);
    const symbols = pending(300_000, 150_000, 7, 400_000);
    expect(planChunks(symbols).flat()).toEqual(symbols.map((each) => each.symbol));
    expect(planChunks([])).toEqual([]);
  });
});

describe('shards', () => {
  it('are nearly equal parts, in order, that hold every symbol once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 12 }), (count, shards) => {
        const symbols = Array.from({ length: count }, (_, index) => `S${index}`);
        const parts = Array.from({ length: shards }, (_, shard) => shardOf(symbols, shard, shards));
        expect(parts.flat()).toEqual(symbols);
        const lengths = parts.map((part) => part.length);
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('give the first shard the symbol at position 0', () => {
    expect(shardOf(['A', 'B', 'C'], 0, 2)).toEqual(['A', 'B']);
    expect(shardOf(['A', 'B', 'C'], 1, 2)).toEqual(['C']);
  });
});
