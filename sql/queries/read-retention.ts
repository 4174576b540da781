import type { ClientBase } from 'pg';

export type SymbolRetention = {
  readonly symbol: string;
  /** First day whose bars are kept; null: all are. */
  readonly retainedFrom: string | null;
};

/** What is kept of the symbols, or of all, in `collate "C"` order. Symbols without a row are left out. */
export async function readRetention(
  client: ClientBase,
  symbols: readonly string[] | null,
): Promise<SymbolRetention[]> {
  const { rows } = await client.query<SymbolRetention>(
    `select symbol, retained_from as "retainedFrom" from ops.symbol
      where $1::text[] is null or symbol = any($1)
      order by symbol`,
    [symbols],
  );
  return rows;
}
