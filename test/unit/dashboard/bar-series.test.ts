import { expect, test } from 'vitest';
import type { Bar, Bars } from '../../../services/dashboard/api.ts';
import { changedStarts, indexAt, joinNewest } from '../../../services/dashboard/page/bars/bar-series.ts';

/** Bars of 3 days that start on these days of a month that has only trading days. */
function bars(starts: readonly number[], close = '10', more = false): Bars {
  const day = (at: number) => `2018-05-${String(at).padStart(2, '0')}`;
  return {
    symbol: 'AAPL',
    interval: 3,
    bars: starts.map(
      (start): Bar => ({
        start: day(start),
        end: day(start + 2),
        open: '10',
        high: '11',
        low: '9',
        close,
        volume: '100',
        count: 3,
      }),
    ),
    more,
    splits: [],
    adjusted: false,
  };
}

const startsOf = (series: Bars) => series.bars.map(({ start }) => Number(start.slice(-2)));

test('a bar that comes is joined to those that are there', () => {
  const joined = joinNewest(bars([1, 4, 7], '10', true), bars([7, 10], '12', true), '2018-05-07');
  expect(startsOf(joined)).toEqual([1, 4, 7, 10]);
  expect(joined.bars.map(({ close }) => close)).toEqual(['10', '10', '12', '12']);
  expect(joined.more).toBe(true);
});

test('bars that are no longer there are dropped', () => {
  expect(startsOf(joinNewest(bars([1, 4, 7, 10]), bars([4, 7], '12', true), '2018-05-04'))).toEqual([
    1, 4, 7,
  ]);
});

test('bars that all moved replace what was there', () => {
  expect(startsOf(joinNewest(bars([1, 4, 7]), bars([2, 5, 8]), '2018-05-02'))).toEqual([2, 5, 8]);
});

test('an answer that does not reach back to the change stands alone, and older bars are still to be had', () => {
  const joined = joinNewest(bars([1, 4, 7]), bars([10, 13], '12', true), '2018-05-04');
  expect(startsOf(joined)).toEqual([10, 13]);
  expect(joined.more).toBe(true);
});

test('when nobody knows where the change was, nothing that was there is kept', () => {
  expect(startsOf(joinNewest(bars([1, 4, 7]), bars([7, 10], '12', true), null))).toEqual([7, 10]);
});

test('a symbol of which nothing is left has no bars', () => {
  expect(joinNewest(bars([1, 4]), bars([]), '2018-05-01')).toMatchObject({ bars: [], more: false });
});

test('bars with another content and new bars have changed, the others have not', () => {
  const after = [...bars([1]).bars, ...bars([4], '12').bars, ...bars([7]).bars];
  expect([...changedStarts(bars([1, 4]).bars, after)]).toEqual(['2018-05-04', '2018-05-07']);
});

test('a day is in the last bar that starts on it or before', () => {
  const some = bars([4, 7, 10]).bars;
  expect(['03', '04', '06', '07', '31'].map((day) => indexAt(some, `2018-05-${day}`))).toEqual([
    -1, 0, 0, 1, 2,
  ]);
});
