import { expect, test } from 'vitest';
import { defaultJobSize, shardsFor } from '../../../services/dispatcher/job-size.ts';

const size = { barsPerShard: 1_000, maxShards: 16 };

test.each([
  [{ bars: 1, symbols: 1 }, 1],
  [{ bars: 1_000, symbols: 50 }, 1],
  [{ bars: 1_001, symbols: 50 }, 2],
  [{ bars: 15_001, symbols: 50 }, 16],
  [{ bars: 1_000_000, symbols: 50 }, 16],
  [{ bars: 1_000_000, symbols: 3 }, 3],
  [{ bars: 1_000_000, symbols: 1 }, 1],
])('%o is work for %i shards', (work, shards) => {
  expect(shardsFor(work, size)).toBe(shards);
});

test('a night over the whole market is one plain job', () => {
  expect(shardsFor({ bars: 12_500, symbols: 12_500 }, defaultJobSize)).toBe(1);
});
