import { describe, expect, it } from 'vitest';
import { looksAppended } from '../../../services/resampler/append.ts';
import type { SymbolState } from '../../../sql/queries/lock-symbols.ts';

const state: SymbolState = {
  symbol: 'AAPL',
  source: 'test',
  deliveredAdjusted: false,
  barCount: 40,
  baseOrdinal: 0,
  retainedFrom: null,
  firstDate: '2024-01-02',
  lastDate: '2024-03-28',
  openStart: ['2024-03-28', '2024-03-27'],
};
const taken = {
  symbol: 'AAPL',
  fromDate: '2024-03-28',
  throughDate: null,
  intervals: null,
  invalidations: 1,
  replays: 0,
};
const split = (exDate: string) => ({ symbol: 'AAPL', exDate, splitFrom: '1', splitTo: '4' });

describe('a symbol looks appended', () => {
  it('when one invalidation starts at its last day', () => {
    expect(looksAppended(taken, state, [3, 5], [])).toBe(true);
  });

  it.each([
    ['more than one invalidation', { invalidations: 2 }],
    ['a replay of its last day', { replays: 1 }],
    ['an end, as of a correction', { throughDate: '2024-03-28' }],
    ['some intervals only', { intervals: [3] }],
    ['an earlier day', { fromDate: '2024-03-27' }],
    ['a later day', { fromDate: '2024-03-29' }],
    ['all days', { fromDate: '-infinity' }],
  ])('but not with %s', (_, change) => {
    expect(looksAppended({ ...taken, ...change }, state, [3, 5], [])).toBe(false);
  });

  it('but not without a state, or with one that does not know each interval', () => {
    expect(looksAppended(taken, undefined, [3, 5], [])).toBe(false);
    expect(looksAppended(taken, { ...state, openStart: null }, [3, 5], [])).toBe(false);
    expect(looksAppended(taken, state, [3, 5, 8], [])).toBe(false);
    expect(looksAppended(taken, state, [3], [])).toBe(false);
  });

  it('with splits of its own day and before, but not with one to come', () => {
    expect(looksAppended(taken, state, [3, 5], [split('2020-08-31'), split('2024-03-28')])).toBe(true);
    expect(looksAppended(taken, state, [3, 5], [split('2020-08-31'), split('2024-03-29')])).toBe(false);
  });
});
