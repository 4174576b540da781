import type { DeliveredRow } from './bar.ts';
import type { DayFile } from './find-day-files.ts';
import { FlatFileError } from './flat-file-error.ts';
import { flatFileColumns, type Header, readHeader } from './flat-file-header.ts';
import { windowStartCheck } from './window-start.ts';

export type RowReader = {
  /** Lines taken so far. */
  readonly line: number;
  /** Takes the next line's fields. @throws {FlatFileError} */
  take(fields: readonly string[]): void;
  /** The rows, once the file has ended. @throws {FlatFileError} if it does not look whole, or is of another day. */
  finish(endsInNewline: boolean): DeliveredRow[];
};

/** Makes rows of a day file's lines: the first is the header. Blank lines are no rows. */
export function createRowReader({ path: file, tradingDay }: DayFile): RowReader {
  const rows: DeliveredRow[] = [];
  const checkWindowStart = windowStartCheck(tradingDay);
  let line = 0;
  let header: Header | undefined;
  let ofOtherDays = 0;

  return {
    get line() {
      return line;
    },
    take(fields) {
      line++;
      if (!header) {
        header = readHeader(file, fields);
        return;
      }
      if (fields.length === 0 || (fields.length === 1 && fields[0] === '')) return;
      if (fields.length !== header.columns.length) throw wrongColumnCount(file, line, header, fields);
      const refused = checkWindowStart(fields[header.at.window_start] ?? '');
      if (refused === 'wrong_day') ofOtherDays++;
      rows.push(toRow(fields, header, line - 1, refused));
    },
    finish(endsInNewline) {
      if (!header) {
        throw new FlatFileError(
          { file, line: 1, field: flatFileColumns[0] },
          `the file is empty; expected the header ${flatFileColumns.join(',')}`,
        );
      }
      if (rows.length === 0) {
        throw new FlatFileError(
          { file, line: 1 },
          `there is a header and no row: the market of ${tradingDay} cannot be empty, fetch the file again`,
        );
      }
      const last = header.columns.at(-1) ?? 'transactions';
      // A value that ends with the file may have lost digits; the count of transactions is not used.
      if (!endsInNewline && last !== 'transactions') {
        throw new FlatFileError(
          { file, line, field: last },
          'the last line has no end: the file is half-written',
        );
      }
      if (ofOtherDays === rows.length) {
        throw new FlatFileError(
          { file, line: 2, field: 'window_start' },
          `no row is of ${tradingDay}, the day in the file's name: it holds another day`,
        );
      }
      return rows;
    },
  };
}

function toRow(
  fields: readonly string[],
  { at }: Header,
  position: number,
  refused: DeliveredRow['refused'] | null,
): DeliveredRow {
  const row = {
    position,
    symbol: fields[at.ticker] ?? '',
    open: fields[at.open] ?? '',
    high: fields[at.high] ?? '',
    low: fields[at.low] ?? '',
    close: fields[at.close] ?? '',
    volume: fields[at.volume] ?? '',
    cells: fields,
  };
  return refused ? { ...row, refused } : row;
}

function wrongColumnCount(
  file: string,
  line: number,
  header: Header,
  fields: readonly string[],
): FlatFileError {
  const field = header.columns[fields.length] ?? header.columns.at(-1) ?? 'ticker';
  return new FlatFileError(
    { file, line, field },
    `${fields.length} values for ${header.columns.length} columns: the line is cut off or damaged (${fields.join(',').slice(0, 80)})`,
  );
}
