import { expect, test } from 'vitest';
import { queryOf } from '../../../services/dashboard/http/query.ts';

const query = (text: string) => queryOf(new URLSearchParams(text), ['symbol', 'limit', 'day']);
const bounds = { least: 1, most: 100, otherwise: 20 };

test('a symbol is taken as it is written, slash and case and all', () => {
  for (const symbol of ['AGM/A', 'BRK.A', 'CpS', 'TRUE', 'null', 'A-B']) {
    expect(query(`symbol=${encodeURIComponent(symbol)}`).symbol('symbol')).toBe(symbol);
  }
  for (const symbol of ['', '=1+1', '../x', 'A B', "A'B", 'A'.repeat(21), '%00']) {
    expect(() => query(`symbol=${encodeURIComponent(symbol)}`).symbol('symbol')).toThrow(
      /^The parameter symbol is/,
    );
  }
  expect(() => query('').symbol('symbol')).toThrow('The parameter symbol is missing');
});

test('whole numbers stay within their bounds', () => {
  expect(query('').wholeNumber('limit', bounds)).toBe(20);
  expect(query('limit=100').wholeNumber('limit', bounds)).toBe(100);
  for (const value of ['0', '101', '-1', '1.5', '1e1', '', 'x', '9999999999', '٣']) {
    expect(() => query(`limit=${value}`).wholeNumber('limit', bounds)).toThrow(
      'it takes a whole number from 1 to 100',
    );
  }
});

test('days are calendar dates', () => {
  expect(query('day=2024-02-29').day('day')).toBe('2024-02-29');
  expect(query('').optionalDay('day')).toBeUndefined();
  for (const value of ['2023-02-29', '0000-01-01', '1799-12-31', 'today', '2024-1-1', "2024-01-01'"]) {
    expect(() => query(`day=${value}`).optionalDay('day')).toThrow('YYYY-MM-DD');
  }
  expect(() => query('').day('day')).toThrow('The parameter day is missing');
});

test('a parameter that nobody knows, or that comes twice, is named', () => {
  expect(() => query('symbl=A')).toThrow(
    'There is no parameter "symbl" here: this address takes symbol, limit, day',
  );
  expect(() => query('symbol=A&symbol=B')).toThrow('The parameter symbol comes more than once');
  expect(() => queryOf(new URLSearchParams('x=1'), [])).toThrow('takes no parameters');
});
