import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { fromDays, toDays } from '../../services/resampler/trading-date.ts';
import type { Database } from '../../services/shared/database.ts';

export type Market = { readonly symbols: number; readonly days: number };

const firstDay = toDays('2015-01-01');
/** Share of a symbol's days without a trade, so that groups of different symbols end on different days. */
const missing = 0.004;

/** The same market in every run: symbols S00000, S00001, …, weekdays, prices with two decimals. */
export function* marketDay(market: Market, day: number): Generator<string> {
  const date = fromDays(weekday(day));
  for (let symbol = 0; symbol < market.symbols; symbol++) {
    const seed = hash(symbol * 7_919 + day);
    if (seed / 4_294_967_296 < missing) continue;
    const low = 1_000 + ((symbol * 37) % 30_000) + (seed % 97);
    const high = low + 1 + (seed % 211);
    const open = low + (hash(seed) % (high - low + 1));
    const close = low + (hash(seed + 1) % (high - low + 1));
    yield `S${String(symbol).padStart(5, '0')}\t${date}\t${cents(open)}\t${cents(high)}\t${cents(low)}\t${cents(close)}\t${1_000 + (seed % 9_000_000)}\n`;
  }
}

export function dateOf(day: number): string {
  return fromDays(weekday(day));
}

/** Fills bronze in date order, and the state of each symbol; all of it is invalidated. */
export async function loadMarket(db: Database, market: Market, days = market.days): Promise<void> {
  await db.withClient(async (client) => {
    function* rows() {
      for (let day = 0; day < days; day++) yield [...marketDay(market, day)].join('');
    }
    await pipeline(
      Readable.from(rows()),
      client.query(
        copyFrom('copy public.raw_ohlcv (symbol, date, open, high, low, close, volume) from stdin'),
      ),
    );
    await client.query(
      `insert into ops.symbol (symbol, source, bar_count, first_date, last_date)
       select symbol, 'bench', count(*), min(date), max(date) from public.raw_ohlcv group by symbol order by symbol`,
    );
    await client.query('analyze');
  });
}

function weekday(day: number): number {
  // 2015-01-01 was a Thursday.
  const shifted = day + 3;
  return firstDay - 3 + Math.floor(shifted / 5) * 7 + (shifted % 5);
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
