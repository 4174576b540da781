import type { ClientBase } from 'pg';

export type SplitRow = {
  readonly symbol: string;
  readonly exDate: string;
  /** Decimal text. */
  readonly splitFrom: string;
  /** Decimal text. */
  readonly splitTo: string;
};

/** Stores splits, each symbol and date once among them, and returns those that are new or have another ratio than before. */
export async function upsertSplits(
  client: ClientBase,
  splits: readonly SplitRow[],
  source: string,
): Promise<{ symbol: string; exDate: string }[]> {
  const { rows } = await client.query<{ symbol: string; exDate: string }>(
    `insert into ops.split as known (symbol, ex_date, split_from, split_to, source)
     select symbol, ex_date, split_from, split_to, $5
       from unnest($1::text[], $2::date[], $3::numeric[], $4::numeric[])
         as delivered (symbol, ex_date, split_from, split_to)
     on conflict (symbol, ex_date) do update
        set split_from = excluded.split_from, split_to = excluded.split_to, source = excluded.source
      where known.split_from * excluded.split_to <> known.split_to * excluded.split_from
     returning symbol, ex_date as "exDate"`,
    [
      splits.map((split) => split.symbol),
      splits.map((split) => split.exDate),
      splits.map((split) => split.splitFrom),
      splits.map((split) => split.splitTo),
      source,
    ],
  );
  return rows;
}
