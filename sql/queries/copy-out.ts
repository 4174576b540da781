import { silverColumns, silverTable } from './silver-table.ts';

/** A symbol and the days wanted of it, both ends included; `-infinity` and `infinity` for no bound. */
export type DayRange = { readonly symbol: string; readonly from: string; readonly through: string };

/** Days of a symbol over which one factor adjusts for splits: prices × numerator / denominator, volume inversely. */
export type BarRange = DayRange & {
  /** Decimal text; null: as traded. */
  readonly numerator: string | null;
  readonly denominator: string | null;
};

const bronzeColumns = 'symbol, date, open, high, low, close, volume';

/**
 * COPY of bronze, binary, all bars of the symbols as traded, in the order that the table lies in.
 * Plan it with `planByTable`.
 */
export function copySeriesOut(symbols: readonly string[]): string {
  return `copy (
    select ${bronzeColumns} from public.raw_ohlcv where symbol = any(${literal(symbols)}::text[])
  ) to stdout (format binary)`;
}

/** COPY of bronze, binary, in the columns of `copySeriesOut`, adjusted for splits: the bars of each range, found by the key. */
export function copyBarsOut(ranges: readonly BarRange[]): string {
  const adjusted = ranges.some((range) => range.numerator !== null);
  const value = (column: string, numerator: string, denominator: string) =>
    adjusted
      ? `case when range.numerator is null then ${column} else ops.adjust(${column}, range.${numerator}, range.${denominator}) end as ${column}`
      : column;
  const price = (column: string) => value(column, 'numerator', 'denominator');
  return `copy (
    select bar.*
      from unnest(
             ${literal(ranges.map((range) => range.symbol))}::text[],
             ${literal(ranges.map((range) => range.from))}::date[],
             ${literal(ranges.map((range) => range.through))}::date[]
             ${adjusted ? `, ${factors(ranges, 'numerator')}, ${factors(ranges, 'denominator')}` : ''})
        as range (symbol, from_date, through_date${adjusted ? ', numerator, denominator' : ''})
      cross join lateral (
        select symbol, date, ${['open', 'high', 'low', 'close'].map(price).join(', ')}, ${value('volume', 'denominator', 'numerator')}
          from public.raw_ohlcv
         where symbol = range.symbol and date >= range.from_date and date <= range.through_date) bar
  ) to stdout (format binary)`;
}

function factors(ranges: readonly BarRange[], part: 'numerator' | 'denominator'): string {
  return `array[${ranges.map((range) => (range[part] === null ? 'null' : `'${literalNumber(range[part])}'`)).join(',')}]::numeric[]`;
}

function literalNumber(text: string): string {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new RangeError(`${JSON.stringify(text)} is no factor of a split`);
  return text;
}

/**
 * COPY of several silver tables in one, binary, in the columns of a silver table. The rows of each interval come in the
 * order of its ranges, then by start_date, and end with a row whose symbol is empty.
 */
export function copySilverOut(intervals: readonly { days: number; ranges: readonly DayRange[] }[]): string {
  const branches = intervals.map(
    ({ days, ranges }) => `
    select silver.*
      from ${rangesOf(ranges)}
      cross join lateral (
        select ${silverColumns}
          from ${silverTable(days)}
         where symbol = range.symbol and start_date >= range.from_date and start_date <= range.through_date
         order by start_date) silver
    union all
    select '', date '2000-01-01', date '2000-01-01', 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0`,
  );
  return `copy (${branches.join('\n    union all')}\n  ) to stdout (format binary)`;
}

export function copySilverIn(days: number): string {
  return `copy ${silverTable(days)} (${silverColumns}) from stdin (format binary)`;
}

/** COPY takes no parameters, so the ranges stand in its text. */
function rangesOf(ranges: readonly DayRange[]): string {
  const symbols = ranges.map((range) => range.symbol);
  const from = ranges.map((range) => range.from);
  const through = ranges.map((range) => range.through);
  return `unnest(${literal(symbols)}::text[], ${literal(from)}::date[], ${literal(through)}::date[])
           with ordinality as range (symbol, from_date, through_date, position)`;
}

function literal(values: readonly string[]): string {
  for (const value of values) {
    if (!/^[A-Za-z0-9./-]*$/.test(value)) {
      throw new RangeError(`${JSON.stringify(value)} is neither a symbol nor a date`);
    }
  }
  return `'{${values.map((value) => `"${value}"`).join(',')}}'`;
}
