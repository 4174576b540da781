import type { ClientBase } from 'pg';

/** Those of the symbols of which nothing is stored. */
export async function unknownSymbols(client: ClientBase, symbols: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ symbol: string }>(
    `select symbol from unnest($1::text[]) with ordinality as asked (symbol, position)
      where not exists (select from ops.symbol state where state.symbol = asked.symbol)
      order by position`,
    [symbols],
  );
  return rows.map((row) => row.symbol);
}
