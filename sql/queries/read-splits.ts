import type { ClientBase } from 'pg';

export type Split = {
  readonly symbol: string;
  readonly exDate: string;
  /** Decimal text. */
  readonly splitFrom: string;
  /** Decimal text. */
  readonly splitTo: string;
};

/**
 * The splits that apply to the symbols' bars, by symbol and date: none where the bars were delivered adjusted, and none at all
 * with the setting `adjustment` at `none`. Under the symbols' lock they are exact.
 */
export async function readSplits(client: ClientBase, symbols: readonly string[]): Promise<Split[]> {
  const { rows } = await client.query<Split>(
    `select split.symbol, ex_date as "exDate", split_from::text as "splitFrom", split_to::text as "splitTo"
       from ops.split
       join ops.symbol state using (symbol)
      where split.symbol = any($1::text[]) and not state.delivered_adjusted
        and (select value from ops.setting where name = 'adjustment') = 'split'
      order by split.symbol, ex_date`,
    [symbols],
  );
  return rows;
}
