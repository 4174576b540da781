import type { ClientBase } from 'pg';

/** Those of the symbols whose bars were delivered adjusted for splits. */
export async function findAdjustedSymbols(client: ClientBase, symbols: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ symbol: string }>(
    `select symbol from ops.symbol
      where delivered_adjusted and bar_count + base_ordinal > 0 and symbol = any($1)`,
    [symbols],
  );
  return rows.map((row) => row.symbol);
}
