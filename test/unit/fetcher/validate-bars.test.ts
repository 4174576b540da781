import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeliveredRow } from '../../../services/fetcher/bar.ts';
import { type QuarantineReason, quarantineReasons } from '../../../services/fetcher/quarantine-reasons.ts';
import { validateBars } from '../../../services/fetcher/validate-bars.ts';

const good = { symbol: 'AAPL', open: '10', high: '12.5', low: '9.75', close: '11', volume: '100' };

function rowsOf(...rows: Partial<DeliveredRow>[]): DeliveredRow[] {
  return rows.map((row, index) => ({ ...good, ...row, position: index + 1 }));
}

function reasonsOf(...rows: Partial<DeliveredRow>[]): (QuarantineReason | 'bar')[] {
  const input = rowsOf(...rows);
  const { bars, quarantined } = validateBars(input, { testTickers: new Set(['ZVZZT']) });
  const reasons = new Map(quarantined.map((row) => [row.position, row.reason]));
  expect(bars.length + quarantined.length).toBe(input.length);
  return input.map((row) => reasons.get(row.position) ?? 'bar');
}

test.each<[QuarantineReason | 'bar', Partial<DeliveredRow>]>([
  ['bar', {}],
  ['bar', { volume: '0' }],
  ['bar', { volume: '1.432032e+06' }],
  ['bar', { volume: '12345678901234567890.123456' }],
  ['bar', { open: '9.750', close: '12.50' }],
  ['bad_symbol', { symbol: '' }],
  ['bad_symbol', { symbol: ' AAPL' }],
  ['bad_symbol', { symbol: 'A'.repeat(21) }],
  ['bad_symbol', { symbol: '.A' }],
  ['bad_symbol', { symbol: 'A\n' }],
  ['bad_symbol', { symbol: 'A\0' }],
  ['bad_symbol', { symbol: 'ÄAPL' }],
  ['test_ticker', { symbol: 'ZVZZT' }],
  ['wrong_day', { refused: 'wrong_day' }],
  ['not_a_number', { open: '' }],
  ['not_a_number', { volume: 'many' }],
  ['not_finite', { high: 'Infinity' }],
  ['not_finite', { low: 'nan' }],
  ['not_finite', { volume: 'NaN' }],
  ['out_of_range', { volume: '1e400' }],
  ['not_positive', { low: '0' }],
  ['not_positive', { low: '-0.0' }],
  ['not_positive', { open: '-1' }],
  ['negative_volume', { volume: '-1' }],
  ['high_below_low', { high: '9.7499999999999999999', open: '9.75', close: '9.75' }],
  ['open_outside', { open: '12.5000000000000000001' }],
  ['close_outside', { close: '9.7499999999999999999' }],
])('%s: %j', (expected, row) => {
  expect(reasonsOf(row)).toEqual([expected]);
});

test('symbols are taken as they are: words are tickers, and case tells two stocks apart', () => {
  const symbols = ['TRUE', 'NAN', 'ON', 'null', 'NULL', 'ALL', 'BRK.A', 'CPS', 'CpS', '1', 'A/B-C'];
  const { bars } = validateBars(rowsOf(...symbols.map((symbol) => ({ symbol }))));
  expect(bars.map((bar) => bar.symbol)).toEqual(symbols);
});

test('of identical rows the first is kept, by value', () => {
  expect(reasonsOf({}, { open: '10.00' }, { volume: '1e2' })).toEqual(['bar', 'duplicate', 'duplicate']);
});

test('rows of one symbol that disagree are all refused, its bad ones for their own reason', () => {
  expect(reasonsOf({}, { close: '10' }, {})).toEqual(['duplicate', 'duplicate', 'duplicate']);
  expect(reasonsOf({}, { low: '0' }, { symbol: 'B' })).toEqual(['duplicate', 'not_positive', 'bar']);
});

test('a row of another day does not count as a repetition', () => {
  expect(reasonsOf({}, { refused: 'wrong_day' })).toEqual(['bar', 'wrong_day']);
});

test('one symbol repeated in every row of a large day is judged at once', () => {
  const rows = rowsOf(...Array.from({ length: 20_000 }, (_, index) => ({ volume: String(index) })));
  expect(validateBars(rows).quarantined).toHaveLength(20_000);
});

const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('1', '2', '1.50', '1.5', '3', '2.25e0', '+1', '.5') },
  fc.constantFrom('', '0', '-1', 'NaN', 'Infinity', '1e999', 'x', '1..2', '\0', ' 1', '1e-200'),
  fc.string({ maxLength: 6 }),
);
const anyRow = fc.record({
  symbol: fc.oneof(fc.constantFrom('A', 'B', 'TRUE', 'CpS', 'CPS', ''), fc.string({ maxLength: 24 })),
  open: value,
  high: value,
  low: value,
  close: value,
  volume: value,
});

test('whatever comes, each row is a bar with its text untouched, or refused with a known reason', () => {
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 12 }), (input) => {
      const rows = input.map((row, index) => ({ ...row, position: index + 1 }));
      const { bars, quarantined } = validateBars(rows);
      const positions = [...bars, ...quarantined].map((each) => each.position).toSorted((a, b) => a - b);
      expect(positions).toEqual(rows.map((row) => row.position));
      expect(new Set(bars.map((bar) => bar.symbol)).size).toBe(bars.length);
      for (const bar of bars) {
        expect(bar).toEqual(rows[bar.position - 1]);
        const [low, open, close, high] = [bar.low, bar.open, bar.close, bar.high].map(Number) as [
          number,
          number,
          number,
          number,
        ];
        expect(low > 0 && low <= open && low <= close && high >= open && high >= close).toBe(true);
      }
      for (const row of quarantined) expect(Object.keys(quarantineReasons)).toContain(row.reason);
    }),
    { numRuns: 3_000 },
  );
});
