import type { Bar, DeliveredRow, Quarantined } from './bar.ts';
import { compareDecimals, type Decimal, parseDecimal, signOf } from './decimal.ts';
import { plainDecimal } from './plain-decimal.ts';
import type { QuarantineReason } from './quarantine-reasons.ts';

export type ValidationSettings = { readonly testTickers?: ReadonlySet<string> };

export type ValidatedRows = { readonly bars: Bar[]; readonly quarantined: Quarantined[] };

type Judged = { row: DeliveredRow; reason: QuarantineReason | null };

const symbolPattern = /^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$/;
const notFinitePattern = /^[+-]?(nan|inf(inity)?)$/i;

/**
 * Judges the rows of one trading day: each becomes a bar or is quarantined, in the order delivered.
 * Symbols are taken as they are: TRUE, null and NAN are tickers, CPS and CpS are two stocks.
 */
export function validateBars(
  rows: readonly DeliveredRow[],
  settings: ValidationSettings = {},
): ValidatedRows {
  const judged: Judged[] = rows.map((row) => ({ row, reason: judge(row, settings) }));
  markDuplicates(judged);
  const bars: Bar[] = [];
  const quarantined: Quarantined[] = [];
  for (const { row, reason } of judged) {
    if (reason === null) bars.push(barOf(row));
    else quarantined.push({ position: row.position, reason, symbol: row.symbol, row: textOf(row) });
  }
  return { bars, quarantined };
}

function judge(row: DeliveredRow, settings: ValidationSettings): QuarantineReason | null {
  if (!symbolPattern.test(row.symbol)) return 'bad_symbol';
  if (settings.testTickers?.has(row.symbol)) return 'test_ticker';
  if (row.refused) return row.refused;
  return isPlainBar(row) ? null : judgeExactly(row);
}

/** Whether the values are a bar as nearly all are written; false says nothing: a comparison with NaN is false. */
function isPlainBar(row: DeliveredRow): boolean {
  const low = plainDecimal(row.low);
  const high = plainDecimal(row.high);
  const open = plainDecimal(row.open);
  const close = plainDecimal(row.close);
  return (
    low > 0 && open >= low && open <= high && close >= low && close <= high && plainDecimal(row.volume) >= 0
  );
}

function judgeExactly(row: DeliveredRow): QuarantineReason | null {
  const [open, high, low, close, volume] = [row.open, row.high, row.low, row.close, row.volume].map(
    readValue,
  );
  for (const value of [open, high, low, close, volume]) if (typeof value === 'string') return value;
  return judgeValues(open as Decimal, high as Decimal, low as Decimal, close as Decimal, volume as Decimal);
}

function readValue(text: string): Decimal | QuarantineReason {
  return notFinitePattern.test(text) ? 'not_finite' : parseDecimal(text);
}

function judgeValues(open: Decimal, high: Decimal, low: Decimal, close: Decimal, volume: Decimal) {
  for (const price of [open, high, low, close]) if (signOf(price) <= 0) return 'not_positive';
  if (signOf(volume) < 0) return 'negative_volume';
  if (compareDecimals(high, low) < 0) return 'high_below_low';
  if (compareDecimals(open, low) < 0 || compareDecimals(open, high) > 0) return 'open_outside';
  if (compareDecimals(close, low) < 0 || compareDecimals(close, high) > 0) return 'close_outside';
  return null;
}

/** A repeated symbol says nothing sure about its day, unless all its rows are good and say the same. */
function markDuplicates(judged: Judged[]): void {
  const firstOf = new Map<string, Judged>();
  const repeated = new Map<string, Judged[]>();
  for (const each of judged) {
    if (each.reason === 'bad_symbol' || each.reason === 'wrong_day') continue;
    const { symbol } = each.row;
    const first = firstOf.get(symbol);
    if (!first) {
      firstOf.set(symbol, each);
      continue;
    }
    const others = repeated.get(symbol);
    if (others) others.push(each);
    else repeated.set(symbol, [first, each]);
  }
  for (const [first, ...others] of repeated.values()) {
    if (!first) continue;
    const identical = others.every((other) => isSameBar(first, other));
    for (const each of identical ? others : [first, ...others]) each.reason ??= 'duplicate';
  }
}

function isSameBar(a: Judged, b: Judged): boolean {
  if (a.reason !== null || b.reason !== null) return false;
  return (['open', 'high', 'low', 'close', 'volume'] as const).every(
    (field) =>
      compareDecimals(parseDecimal(a.row[field]) as Decimal, parseDecimal(b.row[field]) as Decimal) === 0,
  );
}

function barOf({ position, symbol, open, high, low, close, volume }: DeliveredRow): Bar {
  return { position, symbol, open, high, low, close, volume };
}

function textOf(row: DeliveredRow): string {
  const { raw, cells = [row.symbol, row.open, row.high, row.low, row.close, row.volume] } = row;
  return raw ?? cells.join(',');
}
