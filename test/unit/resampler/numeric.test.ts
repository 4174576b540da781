import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assertFiniteNotNegative,
  compareNumeric,
  exactKey,
  NumericSum,
  numericLength,
  numericToText,
  sameValue,
} from '../../../services/resampler/numeric.ts';
import { binaryNumeric, units } from '../../support/binary-numeric.ts';

const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{0,${max}}$`));
/** From 0 to 20 digits before the point and 0 to 13 after it, with zeros on either side. */
const decimals = fc
  .tuple(digits(20), fc.constantFrom('', '0000', '00000000'), digits(13), fc.constantFrom('', '0', '0000'))
  .map(([whole, zeros, fraction, trailing]) => {
    const right = `${zeros.slice(0, fraction.length > 0 ? 8 : 0)}${fraction}${trailing}`;
    return `${BigInt(whole || '0')}${right ? `.${right}` : ''}`;
  });
const prices = fc
  .tuple(fc.integer({ min: 0, max: 99_999 }), digits(6))
  .map(([whole, fraction]) => `${whole}${fraction ? `.${fraction}` : ''}`);
const values = fc.oneof(decimals, prices);

function sumOf(texts: readonly string[]): string {
  const sum = new NumericSum();
  for (const text of texts) sum.add(binaryNumeric(text), 0);
  const out = new Uint8Array(sum.maxLength());
  const length = sum.write(out, 0);
  expect(length).toBe(numericLength(out, 0));
  expect(length).toBeLessThanOrEqual(out.length);
  const text = numericToText(out, 0);
  expect(out.subarray(0, length)).toEqual(binaryNumeric(text));
  return text;
}

describe('binary numeric', () => {
  it('prints what it was made of', () => {
    fc.assert(
      fc.property(values, (text) => {
        expect(numericToText(binaryNumeric(text), 0)).toBe(text);
      }),
      { numRuns: 3_000 },
    );
  });

  it('compares as the decimals do', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [left, right] = [binaryNumeric(a), binaryNumeric(b)];
        const expected = Number(units(a) > units(b)) - Number(units(a) < units(b));
        expect(Math.sign(compareNumeric(left, 0, right, 0))).toBe(expected);
        expect(sameValue(left, 0, right, 0)).toBe(expected === 0);
      }),
      { numRuns: 5_000 },
    );
  });

  it('has an exact key, or none', () => {
    fc.assert(
      fc.property(values, (text) => {
        const key = exactKey(binaryNumeric(text), 0);
        if (Number.isNaN(key)) return;
        expect(BigInt(key) * 10n ** 22n).toBe(units(text));
        expect(Number.isSafeInteger(key)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each(['0', '0.5', '0.00012', '0.00000001', '1', '9999', '10000', '123.456789', '89999999.99999999'])(
    'has a key for %s',
    (text) => {
      expect(exactKey(binaryNumeric(text), 0)).toBe(Number(units(text) / 10n ** 22n));
    },
  );

  it.each(['90071992', '90071992.6', '90071992.99999999', '0.000000001', '123456789.5'])(
    'has no key for %s, or a safe one',
    (text) => {
      const key = exactKey(binaryNumeric(text), 0);
      expect(Number.isNaN(key) || Number.isSafeInteger(key)).toBe(true);
    },
  );

  it.each([
    ['NaN', 0xc0],
    ['Infinity', 0xd0],
    ['-Infinity', 0xf0],
  ])('refuses %s, and takes it for no number', (name, sign) => {
    const special = Uint8Array.of(0, 0, 0, 0, sign, 0, 0, 0);
    expect(numericToText(special, 0)).toBe(name);
    expect(() => assertFiniteNotNegative(special, 0)).toThrow(name);
    expect(sameValue(special, 0, binaryNumeric('0'), 0)).toBe(false);
    expect(sameValue(special, 0, special, 0)).toBe(true);
  });

  it('refuses what is negative', () => {
    const negative = binaryNumeric('1.5');
    negative[4] = 0x40;
    expect(numericToText(negative, 0)).toBe('-1.5');
    expect(() => assertFiniteNotNegative(negative, 0)).toThrow('-1.5');
    expect(sameValue(negative, 0, binaryNumeric('1.5'), 0)).toBe(false);
    expect(() => assertFiniteNotNegative(binaryNumeric('0'), 0)).not.toThrow();
  });

  it('adds exactly, with the decimals of the longest', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 40, size: 'max' }), (texts) => {
        const total = texts.reduce((sum, text) => sum + units(text), 0n);
        const scale = Math.max(...texts.map((text) => text.split('.')[1]?.length ?? 0));
        const padded = total.toString().padStart(31, '0');
        const fraction = padded.slice(-30).slice(0, scale);
        expect(sumOf(texts)).toBe(`${padded.slice(0, -30)}${scale > 0 ? `.${fraction}` : ''}`);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [['999999999999', '1'], '1000000000000'],
    [['0.99999999', '0.00000001'], '1.00000000'],
    [['0', '0.000'], '0.000'],
    [['2147483648', '2147483648'], '4294967296'],
    [['9007199254740993', '9007199254740993'], '18014398509481986'],
    [['0.0001', '0.0001'], '0.0002'],
    [['20000', '30000'], '50000'],
    [['9999', '1'], '10000'],
    [['99999999', '1'], '100000000'],
    [['9999.5', '0.5'], '10000.0'],
    [['1', '0.00000001'], '1.00000001'],
    [['1', '0.0001'], '1.0001'],
    [['0.00000001', '0.00000002'], '0.00000003'],
    [['1', '0.5', '0.000000000001'], '1.500000000001'],
    [['1', '90000000000000000000'], '90000000000000000001'],
    [['5000000000000000000', '5000000000000000000'], '10000000000000000000'],
  ])('adds %j to %s', (texts: readonly string[], expected) => {
    expect(sumOf(texts)).toBe(expected);
  });

  it('adds values of any length', () => {
    const nines = '9'.repeat(200);
    expect(sumOf([nines, '1'])).toBe(`1${'0'.repeat(200)}`);
    expect(sumOf([nines, nines])).toBe(`1${'9'.repeat(199)}8`);
    expect(sumOf([`${nines}.${'9'.repeat(50)}`, `0.${'0'.repeat(49)}1`])).toBe(
      `1${'0'.repeat(200)}.${'0'.repeat(50)}`,
    );
  });

  it('adds more shares than a double can hold exactly', () => {
    const texts = Array.from({ length: 20_000 }, () => '999999999999.99999999');
    expect(sumOf(texts)).toBe('19999999999999999.99980000');
  });

  it.each([['12345678901234567890.5'], ['7.25'], ['3', '0.0000000000001']])(
    'starts anew after %s',
    (...texts) => {
      const sum = new NumericSum();
      for (const text of texts) sum.add(binaryNumeric(text), 0);
      sum.reset();
      sum.add(binaryNumeric('2'), 0);
      const out = new Uint8Array(sum.maxLength());
      sum.write(out, 0);
      expect(numericToText(out, 0)).toBe('2');
    },
  );
});
