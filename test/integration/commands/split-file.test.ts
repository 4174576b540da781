import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FlatFileError } from '../../../services/fetcher/flat-file-error.ts';
import { readSplitFile } from '../../../services/fetcher/splits/read-split-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fibbars-splits-'));
});
afterAll(() => rm(folder, { recursive: true }));

const header = 'symbol,ex_date,split_from,split_to';

async function read(content: string) {
  const file = join(folder, 'splits.csv');
  await writeFile(file, content);
  return await readSplitFile(file);
}

test('symbols keep their case, and no word is taken for a value', async () => {
  expect(
    await read(
      `${header}\nCPS,2020-08-31,1,4\nCpS,2020-08-31,1,2\nTRUE,2020-01-02,1.5,1\nnull,2020-01-02,1,3\n\n`,
    ),
  ).toEqual([
    { symbol: 'CPS', exDate: '2020-08-31', splitFrom: '1', splitTo: '4' },
    { symbol: 'CpS', exDate: '2020-08-31', splitFrom: '1', splitTo: '2' },
    { symbol: 'TRUE', exDate: '2020-01-02', splitFrom: '1.5', splitTo: '1' },
    { symbol: 'null', exDate: '2020-01-02', splitFrom: '1', splitTo: '3' },
  ]);
});

test("Massive's columns are found by name, in any order", async () => {
  expect(
    await read(
      'id,execution_date,split_from,split_to,ticker,adjustment_type,historical_adjustment_factor\nE1,2020-08-31,1,4,AAPL,forward_split,0.25\n',
    ),
  ).toEqual([{ symbol: 'AAPL', exDate: '2020-08-31', splitFrom: '1', splitTo: '4' }]);
});

test('a record that is there twice counts once, by value', async () => {
  expect(
    await read(`${header}\nA,2020-08-31,1,4\nA,2020-08-31,1.0,4.00\nA,2020-08-31,2,8\nA,2020-08-31,0.25,1\n`),
  ).toHaveLength(1);
});

test.each([
  [
    'another ratio for the same day',
    `${header}\nA,2020-08-31,1,4\nB,2020-08-31,1,4\nA,2020-08-31,1,5\n`,
    4,
    'split_to',
    'in line 2',
  ],
  ['a date that does not exist', `${header}\nA,2020-02-30,1,4\n`, 2, 'ex_date', '"2020-02-30"'],
  ['a ratio of nothing', `${header}\nA,2020-08-31,0,4\n`, 2, 'split_from', '"0"'],
  ['a negative ratio', `${header}\nA,2020-08-31,1,-4\n`, 2, 'split_to', '"-4"'],
  ['a ratio that is no number', `${header}\nA,2020-08-31,1,four\n`, 2, 'split_to', '"four"'],
  ['a symbol with a blank', `${header}\nA B,2020-08-31,1,4\n`, 2, 'symbol', '"A B"'],
  ['a line that is cut off', `${header}\nA,2020-08-31,1,4\nB,2020-08-31,1\n`, 3, 'split_to', 'cut off'],
  ['a missing column', 'symbol,ex_date,split_from\nA,2020-08-31,1\n', 1, 'split_to', 'missing'],
  ['an unknown column', `${header},ratio\nA,2020-08-31,1,4,4\n`, 1, '"ratio"', 'not a column'],
  ['both names of a column', `${header},ticker\nA,2020-08-31,1,4,A\n`, 1, '"ticker"', 'twice'],
  ['nothing at all', '', 1, undefined, 'empty'],
])('%s is refused by line and field', async (_what, content, line, field, words) => {
  const error: unknown = await read(content).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FlatFileError);
  expect(error).toMatchObject({ line, field });
  expect((error as Error).message).toContain('splits.csv');
  expect((error as Error).message).toContain(words);
});
