import { describe, expect, it } from 'vitest';
import {
  barCountOf,
  compareKeys,
  nextRow,
  readBar,
  sameBar,
  startOf,
  symbolOf,
} from '../../../services/resampler/silver-row.ts';
import { toDays } from '../../../services/resampler/trading-date.ts';
import { silverBytes } from '../../support/silver-bytes.ts';

const bar = {
  symbol: 'BRK.A',
  startDate: '1962-01-02',
  endDate: '1962-01-04',
  open: '7.71333351',
  high: '9007199254740993.5',
  low: '0.00000001',
  close: '70000',
  volume: '388000.25',
  barCount: 34,
};
const at = 0;
const bytesOf = (symbol: string, startDate: string) => silverBytes([{ ...bar, symbol, startDate }]);

describe('a row of binary COPY', () => {
  it('is read field by field, also before 2000', () => {
    const bytes = silverBytes([bar, { ...bar, symbol: 'C' }]);
    expect(readBar(bytes, at)).toEqual(bar);
    expect(symbolOf(bytes, at)).toBe('BRK.A');
    expect(startOf(bytes, at)).toBe(toDays('1962-01-02'));
    const next = nextRow(bytes, at);
    expect(barCountOf(bytes, next)).toBe(34);
    expect(readBar(bytes, next)).toEqual({ ...bar, symbol: 'C' });
    expect(nextRow(bytes, next)).toBe(bytes.length);
  });

  it('counts more bars than a byte holds', () => {
    const bytes = silverBytes([{ ...bar, barCount: 1_000 }]);
    expect(barCountOf(bytes, nextRow(bytes, at))).toBe(1_000);
  });

  it.each([
    [['A', '2024-01-02'], ['A', '2024-01-02'], 0],
    [['A', '2024-01-02'], ['A', '2024-01-03'], -1],
    [['A', '1999-12-31'], ['A', '2000-01-01'], -1],
    [['A', '2024-01-02'], ['AA', '2000-01-01'], -1],
    [['AB', '2024-01-02'], ['B', '2000-01-01'], -1],
    [['BRK.A', '2024-01-02'], ['BRK.B', '2000-01-01'], -1],
    [['CPS', '2024-01-02'], ['CpS', '2000-01-01'], -1],
    [['Z', '2024-01-02'], ['a', '2000-01-01'], -1],
    [['BRK-A', '2024-01-02'], ['BRK.A', '2000-01-01'], -1],
  ] as const)('orders %j and %j as collate "C" does', ([a, aDate], [b, bDate], order) => {
    const [left, right] = [bytesOf(a, aDate), bytesOf(b, bDate)];
    expect(Math.sign(compareKeys(left, at, right, at))).toBe(order);
    expect(Math.sign(compareKeys(right, at, left, at))).toBe(order === 0 ? 0 : -order);
  });

  it('is the same as one of the same values, wherever the two lie', () => {
    const other = silverBytes([
      { ...bar, symbol: 'A' },
      { ...bar, open: '7.713333510', volume: '388000.250' },
    ]);
    expect(sameBar(silverBytes([bar]), at, other, nextRow(other, at))).toBe(true);
  });

  it.each([
    { endDate: '1962-01-05' },
    { open: '7.71333352' },
    { high: '9007199254740994' },
    { low: '0.00000002' },
    { close: '70001' },
    { volume: '388000' },
    { barCount: 33 },
  ])('is another with %j', (change) => {
    expect(sameBar(silverBytes([bar]), at, silverBytes([{ ...bar, ...change }]), at)).toBe(false);
  });
});
