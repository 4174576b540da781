import fc from 'fast-check';
import { expect, test } from 'vitest';
import { counted, groupDigits } from '../../../services/dashboard/page/exact-text.ts';

test.each([
  ['0', '0'],
  ['999', '999'],
  ['1000', '1,000'],
  ['308915200.500', '308,915,200.500'],
  ['-1234567', '-1,234,567'],
  ['12345678901234567890.000001', '12,345,678,901,234,567,890.000001'],
])('%s reads %s', (decimal, grouped) => {
  expect(groupDigits(decimal)).toBe(grouped);
});

test('grouping adds commas and changes nothing else', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.option(fc.stringMatching(/^\d{1,9}$/)), (whole, fraction) => {
      const decimal = fraction === null ? String(whole) : `${whole}.${fraction}`;
      expect(groupDigits(decimal).replaceAll(',', '')).toBe(decimal);
    }),
  );
});

test('one is one', () => {
  expect([counted(1, 'bar'), counted(2, 'bar'), counted(1_000, 'bar')]).toEqual([
    '1 bar',
    '2 bars',
    '1,000 bars',
  ]);
});
