import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareDecimals, type Decimal, parseDecimal, signOf } from '../../../services/fetcher/decimal.ts';

const digits = (max: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: max }).map((all) => all.join(''));

const decimalText = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    digits(25),
    fc.option(digits(25)),
    fc.option(fc.integer({ min: -40, max: 40 })),
  )
  .filter(([, whole, fraction]) => whole !== '' || (fraction ?? '') !== '')
  .map(
    ([sign, whole, fraction, exponent]) =>
      `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`,
  );

/** The value times 10^100, exactly: another way to the same answer. */
function scaled(text: string): bigint {
  const [mantissa = '', exponent = '0'] = text.replace(/^[+-]/, '').split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const magnitude = BigInt(whole + fraction || '0') * 10n ** BigInt(100 + Number(exponent) - fraction.length);
  return text.startsWith('-') ? -magnitude : magnitude;
}

test('decimals compare as their exact values do', () => {
  fc.assert(
    fc.property(decimalText, decimalText, (a, b) => {
      const [left, right] = [scaled(a), scaled(b)];
      const expected = left < right ? -1 : Number(left > right);
      expect(Math.sign(compareDecimals(parsed(a), parsed(b)))).toBe(expected);
      expect(signOf(parsed(a))).toBe(left < 0n ? -1 : Number(left > 0n));
    }),
    { numRuns: 5_000 },
  );
});

test('digits beyond a double still tell two decimals apart', () => {
  expect(compareDecimals(parsed('9007199254740993'), parsed('9007199254740992'))).toBeGreaterThan(0);
  expect(compareDecimals(parsed('0.10000000000000000001'), parsed('0.1'))).toBeGreaterThan(0);
  expect(compareDecimals(parsed('1.432032e+06'), parsed('1432032.000'))).toBe(0);
});

test.each(['', '.', '-', 'e5', '1e', '1,5', ' 1', '1 ', '0x10', '1_000', 'NaN', '1.2.3', '--1', '１'])(
  '%j is no number',
  (text) => {
    expect(parseDecimal(text)).toBe('not_a_number');
  },
);

test.each(['1e999999999', '1e101', '1e-101', '9'.repeat(101), '1'.repeat(200_000), `1e${'9'.repeat(9)}`])(
  'a number with digits beyond any price is out of range',
  (text) => {
    expect(parseDecimal(text)).toBe('out_of_range');
  },
);

function parsed(text: string): Decimal {
  const value = parseDecimal(text);
  if (typeof value === 'string') throw new Error(`${text}: ${value}`);
  return value;
}
