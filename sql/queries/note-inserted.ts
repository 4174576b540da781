import type { ClientBase } from 'pg';

/** Brings the state of locked symbols after one bar each was inserted before their newest. */
export async function noteInserted(
  client: ClientBase,
  tradingDay: string,
  symbols: readonly string[],
): Promise<void> {
  await client.query(
    `update ops.symbol
        set bar_count = bar_count + 1, first_date = least(first_date, $2), open_start = null
      where symbol = any($1::text[])`,
    [symbols, tradingDay],
  );
}
