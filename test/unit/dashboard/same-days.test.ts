import fc from 'fast-check';
import { expect, test } from 'vitest';
import { samePlace } from '../../../services/dashboard/page/bars/same-days.ts';

/** The extent of a symbol with that many trading days. */
function extent(interval: number, days: number) {
  return { interval, bars: Math.ceil(days / interval), lastCount: days % interval || interval };
}

test('the first day of a bar is the first day of the bar that begins with it', () => {
  // 47 days: 5-day bars 0 to 9, the last has 2; 8-day bars 0 to 5, the last has 7. Day 40 begins the fifth of 8, and the eighth of 5.
  expect(samePlace(5 - 0.5, extent(8, 47), extent(5, 47))).toBeCloseTo(8 - 0.5);
});

test('it does not matter how many older bars are loaded', () => {
  const short = { ...extent(8, 47), bars: 3 };
  expect(samePlace(2, short, extent(5, 47))).toBeCloseTo(samePlace(5, extent(8, 47), extent(5, 47)));
});

test('there and back is the same place, and what is right of it stays right of it', () => {
  const intervals = fc.constantFrom(1, 3, 5, 8, 13, 21, 34);
  const place = fc.double({ min: -500, max: 2_000, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), intervals, intervals, place, (days, one, other, at) => {
      const [from, to] = [extent(one, days), extent(other, days)];
      expect(samePlace(samePlace(at, from, to), to, from)).toBeCloseTo(at, 6);
      expect(samePlace(at + 1, from, to)).toBeGreaterThan(samePlace(at, from, to));
    }),
  );
});
