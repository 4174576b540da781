import { describe, expect, it } from 'vitest';
import { adjustedRanges, factorPeriods, multiply } from '../../../services/resampler/split-factors.ts';

const split = (exDate: string, splitFrom: string, splitTo: string) => ({
  symbol: 'AAPL',
  exDate,
  splitFrom,
  splitTo,
});

describe('factors of splits', () => {
  it('multiplies the splits after a bar, and leaves the days after the last as traded', () => {
    expect(factorPeriods([split('2014-06-09', '1', '7'), split('2020-08-31', '1', '4')])).toEqual([
      { from: '-infinity', through: '2014-06-08', numerator: '1', denominator: '28' },
      { from: '2014-06-09', through: '2020-08-30', numerator: '1', denominator: '4' },
      { from: '2020-08-31', through: 'infinity', numerator: null, denominator: null },
    ]);
  });

  it('is one period without splits', () => {
    expect(factorPeriods([])).toEqual([
      { from: '-infinity', through: 'infinity', numerator: null, denominator: null },
    ]);
  });

  it('cuts a range at the ex-dates, and drops what is outside', () => {
    const range = { symbol: 'AAPL', from: '2014-06-01', through: '2014-07-01' };
    expect(adjustedRanges(range, [split('2014-06-09', '1', '7'), split('2020-08-31', '1', '4')])).toEqual([
      { symbol: 'AAPL', from: '2014-06-01', through: '2014-06-08', numerator: '1', denominator: '28' },
      { symbol: 'AAPL', from: '2014-06-09', through: '2014-07-01', numerator: '1', denominator: '4' },
    ]);
    expect(
      adjustedRanges({ from: '-infinity', through: 'infinity' }, [split('2014-06-09', '10', '1')]),
    ).toHaveLength(2);
  });

  it('keeps the parts of one day, and leaves a range without splits whole', () => {
    const splits = [split('2014-06-09', '1', '7'), split('2014-06-10', '10', '1')];
    const range = { from: '2014-06-09', through: '2014-06-09' };
    expect(adjustedRanges(range, splits)).toEqual([{ ...range, numerator: '10', denominator: '1' }]);
    expect(adjustedRanges({ from: '-infinity', through: 'infinity' }, splits)).toEqual([
      { from: '-infinity', through: '2014-06-08', numerator: '10', denominator: '7' },
      { from: '2014-06-09', through: '2014-06-09', numerator: '10', denominator: '1' },
      { from: '2014-06-10', through: 'infinity', numerator: null, denominator: null },
    ]);
    expect(adjustedRanges({ from: '2014-06-10', through: 'infinity' }, splits)).toEqual([
      { from: '2014-06-10', through: 'infinity', numerator: null, denominator: null },
    ]);
    expect(adjustedRanges(range, [])).toEqual([{ ...range, numerator: null, denominator: null }]);
  });

  it.each([
    ['3', '7', '21'],
    ['0.01', '0.5', '0.005'],
    ['1.5', '2', '3.0'],
    ['0.333', '0.1', '0.0333'],
    ['12345678901234567890', '10', '123456789012345678900'],
  ])('multiplies %s by %s to %s', (a, b, product) => {
    expect(multiply(a, b)).toBe(product);
  });
});
