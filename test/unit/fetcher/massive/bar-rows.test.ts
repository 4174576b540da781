import { expect, test } from 'vitest';
import { compareDecimals, parseDecimal } from '../../../../services/fetcher/decimal.ts';
import { numberRows, toRow } from '../../../../services/fetcher/massive/bar-rows.ts';
import { parseLossless } from '../../../../services/fetcher/massive/lossless-json.ts';
import { validateBars } from '../../../../services/fetcher/validate-bars.ts';

const rowOf = (text: string) => toRow(parseLossless(text));

test('a price keeps every digit that it was written with', () => {
  expect(
    rowOf('{"T":"A","o":0.1000,"h":12345678901234567.89,"l":1e-7,"c":5.00000000000000000001,"v":3}'),
  ).toMatchObject({
    symbol: 'A',
    open: '0.1000',
    high: '12345678901234567.89',
    low: '1e-7',
    close: '5.00000000000000000001',
    volume: '3',
  });
});

test('a volume in exponents is exactly that decimal', () => {
  const { volume } = rowOf('{"T":"A","v":1.432032e+06}');
  expect(volume).toBe('1.432032e+06');
  const [written, exact] = [parseDecimal(volume), parseDecimal('1432032')];
  expect(written).toEqual({ negative: false, whole: '1432032', fraction: '' });
  expect(compareDecimals(written as never, exact as never)).toBe(0);
});

test('a decimal that is a string is taken as it is, and nothing else is a decimal', () => {
  expect(rowOf('{"T":"A","o":"1.50","h":null,"l":true,"c":[1],"v":{}}')).toMatchObject({
    open: '1.50',
    high: '',
    low: '',
    close: '',
    volume: '',
  });
});

test('only text is a ticker', () => {
  const tickers = ['true', 'null', '12', '["A"]', '{}'].map((T) => rowOf(`{"T":${T}}`).symbol);
  expect(tickers).toEqual(['', '', '', '', '']);
  expect(rowOf('{}').symbol).toBe('');
  expect(['"TRUE"', '"NAN"', '"null"', '"CpS"'].map((T) => rowOf(`{"T":${T}}`).symbol)).toEqual([
    'TRUE',
    'NAN',
    'null',
    'CpS',
  ]);
});

test('the row that goes into quarantine is the record as it was written', () => {
  const text = '{"T":"A","v":1.432032e+06,"o":1.10,"t":1549054800000}';
  expect(rowOf(text).raw).toBe(text);
  expect(toRow(parseLossless('{"v":1.0,"t":1}'), 'BRK.A').raw).toBe('{"T":"BRK.A","v":1.0,"t":1}');
  expect(rowOf('7').raw).toBe('7');
});

test('whatever a record is, it is a bar or in quarantine', () => {
  const records = parseLossless(
    '[{"T":"A","o":1,"h":2,"l":1,"c":2,"v":0},{"T":"B","o":1},{"T":true,"o":1,"h":2,"l":1,"c":2,"v":1},null,7,"x",[]]',
  ) as unknown[];
  const { bars, quarantined } = validateBars(numberRows(records.map((record) => toRow(record))));
  expect(bars.map(({ symbol }) => symbol)).toEqual(['A']);
  expect(quarantined.map(({ reason }) => reason)).toEqual([
    'not_a_number',
    ...Array.from({ length: 5 }, () => 'bad_symbol'),
  ]);
  expect(new Set(quarantined.map(({ position }) => position)).size).toBe(6);
});

test('the same rows have the same numbers in any order, and no two have one', () => {
  const records = ['{"T":"A","o":1}', '{"T":"B","o":1}', '{"T":"A","o":1}', '{"T":"C"}'];
  const number = (texts: string[]) =>
    numberRows(texts.map(rowOf))
      .map(({ position, raw }) => `${position} ${raw}`)
      .sort();
  expect(number(records)).toEqual(number(records.toReversed()));
  const positions = numberRows(records.map(rowOf)).map(({ position }) => position);
  expect(new Set(positions).size).toBe(4);
  expect(positions.every((position) => position >= 1 && position < 2 ** 31)).toBe(true);
});
