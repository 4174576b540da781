import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseSymbols } from '../../../services/cli/arguments.ts';

let folder: string;
const before = process.cwd();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fibbars-symbols-'));
  writeFileSync(join(folder, 'watchlist.txt'), 'AAPL\r\nCpS\n\nAAPL\n');
  writeFileSync(join(folder, 'wrong'), 'AAPL\nA B?\n');
  writeFileSync(join(folder, 'empty'), '\n');
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

test.each([
  ['AAPL', ['AAPL']],
  ['AAPL,BRK.A,CpS,CPS,AAPL', ['AAPL', 'BRK.A', 'CpS', 'CPS']],
  ['TRUE, null', ['TRUE', 'null']],
  ['watchlist.txt', ['AAPL', 'CpS']],
  ['./watchlist.txt', ['AAPL', 'CpS']],
])('%s is a list, or a file with one', (text, symbols) => {
  expect(parseSymbols(text)).toEqual(symbols);
});

test.each([
  ['A B?', '"B?" is neither'],
  ['none/such.txt?', '"none/such.txt?" is neither'],
  ['', '"" is neither'],
  ['.', '"." is neither'],
  ['wrong', 'wrong has "B?", which is none'],
  ['empty', 'empty has none'],
])('%j is refused by name', (text, words) => {
  expect(() => parseSymbols(text)).toThrow(words);
});
