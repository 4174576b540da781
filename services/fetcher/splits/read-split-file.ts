import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { parse } from 'fast-csv';
import { isDay } from '../../shared/calendar/day.ts';
import { UsageError } from '../../shared/exit-code.ts';
import { parseDecimal, signOf } from '../decimal.ts';
import { FlatFileError } from '../flat-file-error.ts';
import { type Split, sameRatio } from './split.ts';

type Column = keyof Split;

/** Our names, and those of https://massive.com/docs/rest/stocks/corporate-actions/splits.md */
const columnsByName: Readonly<Record<string, Column>> = {
  symbol: 'symbol',
  ticker: 'symbol',
  ex_date: 'exDate',
  execution_date: 'exDate',
  split_from: 'splitFrom',
  split_to: 'splitTo',
};
/** What Massive's records have besides: nothing that the ratio does not say. */
const unusedNames = new Set(['id', 'adjustment_type', 'historical_adjustment_factor']);
const expected = 'expected the header symbol,ex_date,split_from,split_to';

/**
 * Reads a CSV file of splits, in its order; a record that is there twice counts once.
 * @throws {FlatFileError} naming file, line and field of the first thing that is no split; nothing of the file may be used then.
 */
export async function readSplitFile(file: string): Promise<Split[]> {
  const splits = new Map<string, { split: Split; line: number }>();
  let line = 0;
  let header: Header | undefined;
  const take = (fields: readonly string[]) => {
    line++;
    if (header === undefined) {
      header = readHeader(file, fields);
      return;
    }
    if (fields.length === 0 || (fields.length === 1 && fields[0] === '')) return;
    const split = readSplit({ file, line }, header, fields);
    const key = `${split.symbol} ${split.exDate}`;
    const earlier = splits.get(key);
    if (earlier && !sameRatio(earlier.split, split)) {
      throw new FlatFileError(
        { file, line, field: header.names[header.at.splitTo] ?? 'split_to' },
        `${split.symbol} splits ${split.splitFrom} to ${split.splitTo} on ${split.exDate}, but ${earlier.split.splitFrom} to ${earlier.split.splitTo} in line ${earlier.line}: keep the one that is right`,
      );
    }
    if (!earlier) splits.set(key, { split, line });
  };
  try {
    await pipeline(
      createReadStream(file),
      parse({ headers: false, ignoreEmpty: false }),
      async (parsed: AsyncIterable<string[]>) => {
        for await (const fields of parsed) take(fields);
      },
    );
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Parse Error')) {
      throw new FlatFileError({ file, line: line + 1 }, `no CSV (${error.message.slice(0, 120)})`, {
        cause: error,
      });
    }
    if ((error as NodeJS.ErrnoException).syscall !== undefined) {
      throw new UsageError(`${JSON.stringify(file)} cannot be read: ${(error as Error).message}`);
    }
    throw error;
  }
  if (header === undefined) throw new FlatFileError({ file, line: 1 }, `the file is empty; ${expected}`);
  return [...splits.values()].map(({ split }) => split);
}

type Header = { readonly names: readonly string[]; readonly at: Readonly<Record<Column, number>> };

function readHeader(file: string, names: readonly string[]): Header {
  const at: Partial<Record<Column, number>> = {};
  for (const [index, name] of names.entries()) {
    if (unusedNames.has(name)) continue;
    const column = Object.hasOwn(columnsByName, name) ? columnsByName[name] : undefined;
    const refuse = (problem: string) =>
      new FlatFileError(
        { file, line: 1, field: JSON.stringify(name.slice(0, 40)) },
        `${problem}; ${expected}`,
      );
    if (column === undefined) throw refuse('not a column of splits');
    if (at[column] !== undefined) throw refuse('the column is there twice');
    at[column] = index;
  }
  const needed = {
    symbol: 'symbol',
    exDate: 'ex_date',
    splitFrom: 'split_from',
    splitTo: 'split_to',
  } as const;
  for (const [column, field] of Object.entries(needed)) {
    if (at[column as Column] === undefined)
      throw new FlatFileError({ file, line: 1, field }, `the column is missing; ${expected}`);
  }
  return { names, at: at as Record<Column, number> };
}

function readSplit(
  place: { file: string; line: number },
  { names, at }: Header,
  fields: readonly string[],
): Split {
  if (fields.length !== names.length) {
    throw new FlatFileError(
      { ...place, field: names[fields.length] ?? names.at(-1) ?? 'symbol' },
      `${fields.length} values for ${names.length} columns: the line is cut off or damaged`,
    );
  }
  const value = (column: Column) => fields[at[column]] ?? '';
  const check = (column: Column, holds: boolean, takes: string) => {
    if (holds) return;
    const field = names[at[column]] ?? column;
    throw new FlatFileError(
      { ...place, field },
      `${JSON.stringify(value(column).slice(0, 40))} is not ${takes}`,
    );
  };
  check('symbol', /^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$/.test(value('symbol')), 'a symbol');
  check('exDate', isDay(value('exDate')), 'a calendar date, YYYY-MM-DD');
  for (const column of ['splitFrom', 'splitTo'] as const) {
    const decimal = parseDecimal(value(column));
    check(
      column,
      typeof decimal !== 'string' && signOf(decimal) > 0,
      'a positive number of shares, such as 4 or 1.5',
    );
  }
  return {
    symbol: value('symbol'),
    exDate: value('exDate'),
    splitFrom: value('splitFrom'),
    splitTo: value('splitTo'),
  };
}
