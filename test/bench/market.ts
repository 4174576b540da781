import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { DeliveredRow, Delivery } from '../../services/fetcher/bar.ts';
import { flatFileColumns } from '../../services/fetcher/flat-file-header.ts';
import { validateBars } from '../../services/fetcher/validate-bars.ts';
import { fromDays, toDays } from '../../services/resampler/trading-date.ts';
import { newYorkInstant } from '../../services/shared/calendar/new-york.ts';
import type { Database } from '../../services/shared/database.ts';
import { bronzeColumns } from './floors/tables.ts';

export type Market = { readonly symbols: number; readonly days: number };

/** Symbols by their numbers: from the first up to, not with, the second. */
type Part = readonly [from: number, to: number];

const firstDay = toDays('2015-01-01');
/** Share of a symbol's days without a trade, so that groups of different symbols end on different days. */
const missing = 0.004;

/** The same market in every run: symbols S00000, S00001, …, weekdays from 2015-01-01 on, prices with two decimals. */
export function* marketDay(
  market: Market,
  day: number,
  [from, to]: Part = [0, market.symbols],
): Generator<DeliveredRow> {
  for (let symbol = from; symbol < to; symbol++) {
    const seed = hash(symbol * 7_919 + day);
    if (seed / 4_294_967_296 < missing) continue;
    const low = 1_000 + ((symbol * 37) % 30_000) + (seed % 97);
    const high = low + 1 + (seed % 211);
    yield {
      position: symbol + 1,
      symbol: symbolName(symbol),
      open: cents(low + (hash(seed) % (high - low + 1))),
      high: cents(high),
      low: cents(low),
      close: cents(low + (hash(seed + 1) % (high - low + 1))),
      volume: String(1_000 + (seed % 9_000_000)),
    };
  }
}

function symbolName(symbol: number): string {
  return `S${String(symbol).padStart(5, '0')}`;
}

export function dateOf(day: number): string {
  return fromDays(weekday(day));
}

/** The Saturday of that day's week: no bar of the market is of it. */
export function saturdayAfter(day: number): string {
  return fromDays(mondayOf(day) + 5);
}

export function marketDelivery(market: Market, day: number): Delivery {
  return deliveryOf(dateOf(day), [...marketDay(market, day)]);
}

export function deliveryOf(tradingDay: string, rows: readonly DeliveredRow[]): Delivery {
  return { source: 'bench', tradingDay, adjusted: false, fingerprint: tradingDay, ...validateBars(rows) };
}

/** The day as lines of COPY's text format, in the order of `bronzeColumns`. */
export function copyLines(market: Market, day: number, part: Part = [0, market.symbols]): string {
  const date = dateOf(day);
  let lines = '';
  for (const { symbol, open, high, low, close, volume } of marketDay(market, day, part))
    lines += `${symbol}\t${date}\t${open}\t${high}\t${low}\t${close}\t${volume}\n`;
  return lines;
}

/** The day as one of Massive's day aggregates. */
export function flatFile(market: Market, day: number): string {
  const stamp = BigInt(newYorkInstant(dateOf(day), '00:00').getTime()) * 1_000_000n;
  let lines = `${flatFileColumns.join(',')}\n`;
  for (const { symbol, open, high, low, close, volume } of marketDay(market, day))
    lines += `${symbol},${volume},${open},${close},${high},${low},${stamp},1\n`;
  return lines;
}

/** Fills bronze in date order, each half of the symbols in a session of its own, and the state of each symbol. Invalidates nothing. */
export async function loadMarket(db: Database, market: Market): Promise<void> {
  const middle = Math.ceil(market.symbols / 2);
  await Promise.all([loadPart(db, market, [0, middle]), loadPart(db, market, [middle, market.symbols])]);
  await db.query(
    `insert into ops.symbol (symbol, source, bar_count, first_date, last_date)
     select symbol, 'bench', count(*), min(date), max(date) from public.raw_ohlcv group by symbol order by symbol`,
  );
  await db.query('vacuum analyze');
}

async function loadPart(db: Database, market: Market, part: Part): Promise<void> {
  function* days() {
    for (let day = 0; day < market.days; day++) yield copyLines(market, day, part);
  }
  await db.withClient((client) =>
    pipeline(
      Readable.from(days()),
      client.query(copyFrom(`copy public.raw_ohlcv (${bronzeColumns}) from stdin`)),
    ),
  );
}

function weekday(day: number): number {
  return mondayOf(day) + ((day + 3) % 5);
}

/** 2015-01-01 was a Thursday. */
function mondayOf(day: number): number {
  return firstDay - 3 + Math.floor((day + 3) / 5) * 7;
}

function cents(value: number): string {
  return `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`;
}

function hash(value: number): number {
  let mixed = (value + 0x9e3779b9) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) >>> 0;
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
