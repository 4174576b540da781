import type { ClientBase } from 'pg';

export type DailyBar = {
  readonly date: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
};

/** How many bars of the symbol bronze has up to a day, that day included. */
export async function countBarsThrough(client: ClientBase, symbol: string, day: string): Promise<number> {
  const { rows } = await client.query<{ bars: number }>(
    'select count(*)::int as bars from public.raw_ohlcv where symbol = $1 and date <= $2',
    [symbol, day],
  );
  return rows[0]?.bars ?? 0;
}

/** Daily bars by their position among the symbol's stored bars, as stored. */
export async function readGroup(
  client: ClientBase,
  symbol: string,
  { position, bars }: { position: number; bars: number },
): Promise<DailyBar[]> {
  const { rows } = await client.query<DailyBar>(
    `select date, open, high, low, close, volume from public.raw_ohlcv
      where symbol = $1 order by date offset $2 limit $3`,
    [symbol, position, bars],
  );
  return rows;
}

export type Factor = { readonly numerator: string; readonly denominator: string };

/** A daily bar adjusted for splits, as the resampler reads it. */
export async function adjustBar(client: ClientBase, bar: DailyBar, factor: Factor): Promise<DailyBar> {
  const { rows } = await client.query<Omit<DailyBar, 'date'>>(
    `select ops.adjust($1, $6, $7) as open, ops.adjust($2, $6, $7) as high, ops.adjust($3, $6, $7) as low,
            ops.adjust($4, $6, $7) as close, ops.adjust($5, $7, $6) as volume`,
    [bar.open, bar.high, bar.low, bar.close, bar.volume, factor.numerator, factor.denominator],
  );
  return { date: bar.date, ...(rows[0] as Omit<DailyBar, 'date'>) };
}
