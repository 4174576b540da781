import { hash } from 'node:crypto';
import type { DeliveredRow } from '../bar.ts';
import { decimalText, isJsonObject } from './lossless-json.ts';

/** A row that has no number yet. */
export type UnnumberedRow = Omit<DeliveredRow, 'position'>;

/**
 * One record of aggregates as a row, whatever it holds: what is no bar is for validateBars to say.
 * @param symbol where the record does not have it under `T`
 */
export function toRow(record: unknown, symbol?: string): UnnumberedRow {
  const fields = isJsonObject(record) ? record : {};
  const ticker = symbol ?? fields['T'];
  return {
    // true and null are tickers as text only: nothing else is made one.
    symbol: typeof ticker === 'string' ? ticker : '',
    open: decimalText(fields['o']),
    high: decimalText(fields['h']),
    low: decimalText(fields['l']),
    close: decimalText(fields['c']),
    volume: decimalText(fields['v']),
    raw: JSON.stringify(symbol === undefined ? record : { T: symbol, ...fields }),
  };
}

/**
 * Numbers rows by what they hold: answers come in no order that lasts, and a bad row that is delivered again must be the
 * same entry of the quarantine.
 */
export function numberRows(rows: readonly UnnumberedRow[]): DeliveredRow[] {
  const taken = new Set<number>();
  return rows.map((row) => {
    let position = numberOf(row.raw ?? '');
    while (taken.has(position)) position = (position % mostPositions) + 1;
    taken.add(position);
    return { position, ...row };
  });
}

const mostPositions = 2 ** 31 - 1;

function numberOf(text: string): number {
  return (hash('sha1', text, 'buffer').readUInt32BE(0) % mostPositions) + 1;
}
