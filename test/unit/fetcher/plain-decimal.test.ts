import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareDecimals, type Decimal, parseDecimal, signOf } from '../../../services/fetcher/decimal.ts';
import { plainDecimal } from '../../../services/fetcher/plain-decimal.ts';

/** At most 16 characters, digits of few kinds, so that many are equal or next to each other. */
const text = fc
  .array(fc.constantFrom('0', '0', '1', '9', '4', '5', '.'), { minLength: 1, maxLength: 17 })
  .map((all) => all.join(''));

test('plain decimals compare as their exact values do', () => {
  let compared = 0;
  fc.assert(
    fc.property(text, text, fc.nat(17), (a, b, shared) => {
      const other = a.slice(0, shared) + b.slice(shared);
      const [left, right] = [plainDecimal(a), plainDecimal(other)];
      if (Number.isNaN(left) || Number.isNaN(right)) return true;
      compared++;
      const [exactLeft, exactRight] = [parseDecimal(a) as Decimal, parseDecimal(other) as Decimal];
      return (
        Math.sign(left - right) === Math.sign(compareDecimals(exactLeft, exactRight)) &&
        Math.sign(left) === signOf(exactLeft)
      );
    }),
    { numRuns: 10_000 },
  );
  expect(compared).toBeGreaterThan(1_000);
});

test.each([
  '0.000000000000001',
  '0.00000000000001',
  '.000000000000001',
  '99999999999999.9',
  '999999999999999',
])('%s is the double nearest to it, or not plain', (decimal) => {
  const value = plainDecimal(decimal);
  if (decimal.length > 16) expect(value).toBeNaN();
  else expect(value).toBe(Number(decimal));
});

test('neighbours at the limit of 15 digits stay apart', () => {
  expect(plainDecimal('9007199254740.93')).toBeGreaterThan(plainDecimal('9007199254740.92'));
  expect(plainDecimal('999999999999999')).toBeGreaterThan(plainDecimal('999999999999998'));
  expect(plainDecimal('9999999999999999')).toBeNaN();
  expect(plainDecimal('5.')).toBe(plainDecimal('05.0'));
});

test.each(['', '.', '..', '1.2.3', '-1', '+1', '1e2', ' 1', '1 ', '1,5', '１', 'NaN', '1\0', '/', ':'])(
  '%j is left to the general reading',
  (other) => {
    expect(plainDecimal(other)).toBeNaN();
  },
);
