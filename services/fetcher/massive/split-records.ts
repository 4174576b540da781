import { isDay } from '../../shared/calendar/day.ts';
import { parseDecimal, signOf } from '../decimal.ts';
import { type Split, sameRatio } from '../splits/split.ts';
import { decimalText, isJsonObject } from './lossless-json.ts';

export type JudgedSplits = {
  /** Each symbol and date once. */
  readonly splits: readonly Split[];
  /** Announced, for a day after today: until then prices are as before. */
  readonly upcoming: number;
  readonly refused: readonly RefusedSplit[];
};

/** A record that says nothing sure. */
export type RefusedSplit = { readonly record: string; readonly reason: string };

/**
 * Judges records of splits, of which a few repeat, and a few have fields missing. Where two of one symbol and date have different
 * ratios, neither is taken.
 */
export function judgeSplitRecords(
  records: readonly unknown[],
  { today, symbols }: { today: string; symbols?: ReadonlySet<string> | undefined },
): JudgedSplits {
  const refused: RefusedSplit[] = [];
  const found = new Map<string, { split: Split; record: unknown; doubtful: boolean }>();
  let upcoming = 0;
  for (const record of records) {
    if (symbols !== undefined && !symbols.has(String(tickerOf(record)))) continue;
    const split = readSplit(record);
    if (typeof split === 'string') {
      refused.push({ record: JSON.stringify(record), reason: split });
      continue;
    }
    if (split.exDate > today) {
      upcoming++;
      continue;
    }
    const key = `${split.symbol} ${split.exDate}`;
    const earlier = found.get(key);
    if (earlier === undefined) found.set(key, { split, record, doubtful: false });
    else if (!sameRatio(earlier.split, split)) {
      earlier.doubtful = true;
      const reason = `another record of ${key} has ${earlier.split.splitFrom} to ${earlier.split.splitTo}`;
      refused.push({ record: JSON.stringify(record), reason });
    }
  }
  for (const { split, record, doubtful } of found.values()) {
    const reason = `another record of ${split.symbol} ${split.exDate} has another ratio`;
    if (doubtful) refused.push({ record: JSON.stringify(record), reason });
  }
  const sure = [...found.values()].filter(({ doubtful }) => !doubtful);
  return { splits: sure.map(({ split }) => split), upcoming, refused };
}

function tickerOf(record: unknown): unknown {
  return isJsonObject(record) ? record['ticker'] : undefined;
}

function readSplit(record: unknown): Split | string {
  const ticker = tickerOf(record);
  if (!isJsonObject(record)) return 'no record';
  if (typeof ticker !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$/.test(ticker)) {
    return 'ticker is not a symbol';
  }
  const exDate = record['execution_date'];
  if (typeof exDate !== 'string' || !isDay(exDate)) return 'execution_date is not a calendar date';
  const [splitFrom, splitTo] = [record['split_from'], record['split_to']].map(sharesText);
  if (splitFrom === undefined) return 'split_from is not a positive number of shares';
  if (splitTo === undefined) return 'split_to is not a positive number of shares';
  return { symbol: ticker, exDate, splitFrom, splitTo };
}

function sharesText(value: unknown): string | undefined {
  const text = decimalText(value);
  const decimal = parseDecimal(text);
  return typeof decimal !== 'string' && signOf(decimal) > 0 ? text : undefined;
}
