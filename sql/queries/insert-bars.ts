import type { ClientBase } from 'pg';

/** Bars of one day by column, each a PostgreSQL array literal. */
export type BarColumns = {
  readonly symbols: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
};

/** Appends bars that are not there: for a few, less work than a COPY. */
export async function insertBars(client: ClientBase, tradingDay: string, bars: BarColumns): Promise<void> {
  await client.query(
    `insert into public.raw_ohlcv (symbol, date, open, high, low, close, volume)
     select symbol, $1, open, high, low, close, volume
       from unnest($2::text[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[], $7::numeric[])
         as bar (symbol, open, high, low, close, volume)`,
    [tradingDay, bars.symbols, bars.open, bars.high, bars.low, bars.close, bars.volume],
  );
}
