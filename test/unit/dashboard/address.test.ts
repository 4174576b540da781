import { expect, test } from 'vitest';
import { type Address, readAddress, writeAddress } from '../../../services/dashboard/page/address.ts';

const addresses: readonly Address[] = [
  { view: 'bars', symbol: null, interval: null, beside: null },
  { view: 'bars', symbol: 'AAPL', interval: 21, beside: 5 },
  { view: 'bars', symbol: 'AGM/A', interval: 8, beside: null },
  { view: 'bars', symbol: '?&#%/', interval: 1, beside: null },
  { view: 'pipeline', trace: null, through: null },
  { view: 'pipeline', trace: '0b3c9d52-6f0e-4a86-9d3c-0c7a5f1f6a01', through: '2018-05-11' },
];

test.each(addresses)('what is shown comes back from its address: %j', (address) => {
  expect(readAddress(writeAddress(address))).toEqual(address);
});

test('a slash in a symbol is escaped, so that it is no part of the path', () => {
  expect(writeAddress({ view: 'bars', symbol: 'AGM/A', interval: 8, beside: null })).toBe(
    '#/bars/AGM%2FA?interval=8',
  );
  expect(readAddress('#/bars/AGM/A?interval=8')).toMatchObject({ symbol: 'AGM/A' });
});

test.each(['', '#', '#/', '#/nothing', '#/bars', '#/bars?interval=x&beside=-3', '#/bars/?interval=99999'])(
  'an address that says nothing shows the bars that the page chooses: "%s"',
  (fragment) => {
    expect(readAddress(fragment)).toEqual({ view: 'bars', symbol: null, interval: null, beside: null });
  },
);

test('a symbol that is wrongly escaped is taken as it stands', () => {
  expect(readAddress('#/bars/%E0%A4%A')).toMatchObject({ symbol: '%E0%A4%A' });
});

test('a day that is none is left out', () => {
  expect(readAddress('#/pipeline?through=yesterday&trace=+')).toEqual({
    view: 'pipeline',
    trace: null,
    through: null,
  });
});
