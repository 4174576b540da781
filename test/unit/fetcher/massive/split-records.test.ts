import { expect, test } from 'vitest';
import { parseLossless } from '../../../../services/fetcher/massive/lossless-json.ts';
import { judgeSplitRecords } from '../../../../services/fetcher/massive/split-records.ts';

const judge = (text: string, symbols?: readonly string[]) =>
  judgeSplitRecords(parseLossless(text) as unknown[], {
    today: '2026-11-24',
    symbols: symbols && new Set(symbols),
  });
const record = (ticker: string, date: string, from: number | string, to: number | string) =>
  `{"ticker":"${ticker}","execution_date":"${date}","split_from":${from},"split_to":${to}}`;

test('the ratio keeps the digits that it was written with', () => {
  const { splits } = judge(
    `[${record('CIG.C', '2022-05-02', 3, '4')},${record('A', '2020-01-02', '1e+00', '1.0250')}]`,
  );
  expect(splits).toEqual([
    { symbol: 'CIG.C', exDate: '2022-05-02', splitFrom: '3', splitTo: '4' },
    { symbol: 'A', exDate: '2020-01-02', splitFrom: '1e+00', splitTo: '1.0250' },
  ]);
});

test('a record that is there twice counts once', () => {
  const { splits, refused } = judge(
    `[${record('A', '2020-01-02', 1, 4)},${record('A', '2020-01-02', 2, '8.0')}]`,
  );
  expect(splits).toMatchObject([{ symbol: 'A', splitTo: '4' }]);
  expect(refused).toEqual([]);
});

test('two ratios of one day are both left out, and the others are taken', () => {
  const { splits, refused } = judge(
    `[${record('A', '2020-01-02', 1, 4)},${record('B', '2020-01-02', 1, 2)},${record('A', '2020-01-02', 1, 5)}]`,
  );
  expect(splits).toMatchObject([{ symbol: 'B' }]);
  expect(refused.map(({ record: text }) => text).sort()).toEqual([
    record('A', '2020-01-02', 1, 4),
    record('A', '2020-01-02', 1, 5),
  ]);
});

test('a split of a later day waits for it', () => {
  const { splits, upcoming } = judge(
    `[${record('A', '2026-11-24', 1, 4)},${record('B', '2026-11-25', 1, 2)}]`,
  );
  expect(splits).toMatchObject([{ symbol: 'A' }]);
  expect(upcoming).toBe(1);
});

test('symbols that are not wanted are passed over, also if their record is bad', () => {
  const { splits, refused } = judge(
    `[${record('CPS', '2020-01-02', 1, 4)},${record('CpS', '2020-01-02', 1, 2)},${record('X', 'soon', 1, 2)}]`,
    ['CpS'],
  );
  expect(splits).toMatchObject([{ symbol: 'CpS', splitTo: '2' }]);
  expect(refused).toEqual([]);
});

test.each([
  ['{"execution_date":"2020-01-02","split_from":1,"split_to":4}', 'ticker'],
  ['{"ticker":true,"execution_date":"2020-01-02","split_from":1,"split_to":4}', 'ticker'],
  [record('A*', '2020-01-02', 1, 4), 'ticker'],
  ['{"ticker":"A","split_from":1,"split_to":4}', 'execution_date'],
  [record('A', '2020-02-30', 1, 4), 'execution_date'],
  ['{"ticker":"A","execution_date":"2020-01-02","split_to":4}', 'split_from'],
  [record('A', '2020-01-02', 0, 4), 'split_from'],
  [record('A', '2020-01-02', 1, -4), 'split_to'],
  ['null', 'no record'],
])('%s is refused for its %s', (text, words) => {
  const { splits, refused } = judge(`[${text},${record('B', '2020-01-02', 1, 2)}]`);
  expect(splits).toMatchObject([{ symbol: 'B' }]);
  expect(refused).toMatchObject([{ record: text }]);
  expect(refused[0]?.reason).toContain(words);
});
