import { expect, test } from 'vitest';
import { formatFaults } from '../../faults/support/fault-reporter.ts';

test('adds up the tests of a row, and lines the figures up', () => {
  const figures = { points: 1_000, survived: 999, rows: 12_345, lost: 0 };
  const text = formatFaults([
    { row: 'a kill', ...figures },
    { row: 'poison of six kinds', points: 6, survived: 6, rows: 0, lost: 0 },
    { row: 'a kill', ...figures, lost: 1 },
  ]);
  expect(text.split('\n')).toEqual([
    '| fault               | points tried | faults survived | rows compared | events lost |',
    '| ------------------- | -----------: | --------------: | ------------: | ----------: |',
    '| a kill              |        2,000 |           1,998 |        24,690 |           1 |',
    '| poison of six kinds |            6 |               6 |             0 |           0 |',
  ]);
});
