import type { ClientBase } from 'pg';
import type { SplitRow } from './upsert-splits.ts';

export type StoredSplit = SplitRow & { readonly source: string };

/** Splits by symbol and date; of one symbol, or all. */
export async function listSplits(client: ClientBase, symbol?: string): Promise<StoredSplit[]> {
  const { rows } = await client.query<StoredSplit>(
    `select symbol, ex_date as "exDate", split_from as "splitFrom", split_to as "splitTo", source
       from ops.split where $1::text is null or symbol = $1 order by symbol, ex_date`,
    [symbol ?? null],
  );
  return rows;
}
