import { FlatFileError } from './flat-file-error.ts';

/** The columns of Massive's day aggregates, in its order: close comes before high. */
export const flatFileColumns = [
  'ticker',
  'volume',
  'open',
  'close',
  'high',
  'low',
  'window_start',
  'transactions',
] as const;

export type FlatFileColumn = (typeof flatFileColumns)[number];

export type Header = {
  /** As in the file. */
  readonly columns: readonly FlatFileColumn[];
  readonly at: Readonly<Record<FlatFileColumn, number>>;
};

/**
 * Reads the first line: exactly those columns, by name, in any order.
 * @throws {FlatFileError} naming the column that is missing, repeated or unknown.
 */
export function readHeader(file: string, fields: readonly string[]): Header {
  const expected = `expected the header ${flatFileColumns.join(',')}`;
  const refuse = (field: string, problem: string) =>
    new FlatFileError({ file, line: 1, field }, `${problem}; ${expected}`);
  const at: Partial<Record<FlatFileColumn, number>> = {};
  for (const [index, name] of fields.entries()) {
    if (!isColumn(name)) throw refuse(JSON.stringify(name.slice(0, 40)), 'not a column of day aggregates');
    if (at[name] !== undefined) throw refuse(name, 'the column is there twice');
    at[name] = index;
  }
  for (const name of flatFileColumns) if (at[name] === undefined) throw refuse(name, 'the column is missing');
  return { columns: fields as FlatFileColumn[], at: at as Record<FlatFileColumn, number> };
}

function isColumn(name: string): name is FlatFileColumn {
  return (flatFileColumns as readonly string[]).includes(name);
}
