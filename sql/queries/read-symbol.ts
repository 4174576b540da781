import type { ClientBase } from 'pg';

export type KnownSymbol = {
  readonly barCount: number;
  readonly baseOrdinal: number;
  /** Retention dropped the bars before it; null: none. */
  readonly retainedFrom: string | null;
  readonly firstDate: string | null;
  readonly lastDate: string | null;
};

/** What is known of one symbol's bars; undefined: nothing is. */
export async function readSymbol(client: ClientBase, symbol: string): Promise<KnownSymbol | undefined> {
  const { rows } = await client.query<KnownSymbol>(
    `select bar_count as "barCount", base_ordinal as "baseOrdinal", retained_from as "retainedFrom",
            first_date as "firstDate", last_date as "lastDate"
       from ops.symbol where symbol = $1`,
    [symbol],
  );
  return rows[0];
}
