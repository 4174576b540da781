import type { ClientBase } from 'pg';

/** How many bars the symbols have from before a day, and how many of them have any. */
export async function countBarsBefore(
  client: ClientBase,
  day: string,
  symbols: readonly string[],
): Promise<{ bars: number; symbols: number }> {
  const { rows } = await client.query<{ bars: number; symbols: number }>(
    `select count(*)::float8 as bars, count(distinct symbol)::int as symbols
       from public.raw_ohlcv where symbol = any($1::text[]) and date < $2`,
    [symbols, day],
  );
  return rows[0] ?? { bars: 0, symbols: 0 };
}
