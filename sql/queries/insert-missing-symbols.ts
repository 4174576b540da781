import type { ClientBase } from 'pg';

export type NewSeries = {
  /** A PostgreSQL array literal. */
  readonly symbols: string;
  readonly source: string;
  readonly adjusted: boolean;
};

/** Makes rows for the symbols that have none, in `collate "C"` order: two writers never wait for each other. */
export async function insertMissingSymbols(client: ClientBase, series: NewSeries): Promise<void> {
  await client.query(
    `insert into ops.symbol (symbol, source, delivered_adjusted)
     select delivered.symbol, $2, $3
       from unnest($1::text[]) as delivered (symbol)
      where not exists (select from ops.symbol known where known.symbol = delivered.symbol)
      order by delivered.symbol collate "C"
     on conflict (symbol) do nothing`,
    [series.symbols, series.source, series.adjusted],
  );
}
