import type { ClientBase } from 'pg';

export type Split = {
  readonly symbol: string;
  readonly exDate: string;
  /** Decimal text. */
  readonly splitFrom: string;
  /** Decimal text. */
  readonly splitTo: string;
};

const applying = `
  select split.symbol, ex_date as "exDate", split_from::text as "splitFrom", split_to::text as "splitTo"
    from ops.split
    join ops.symbol state using (symbol)
   where split.symbol = any($1::text[]) and not state.delivered_adjusted
     and (select value from ops.setting where name = 'adjustment') = 'split'
   order by split.symbol, ex_date`;

/**
 * The splits that apply to the symbols' bars, by symbol and date: none where the bars were delivered adjusted, and none at all
 * with the setting `adjustment` at `none`. Under the symbols' lock they are exact.
 */
export async function readSplits(client: ClientBase, symbols: readonly string[]): Promise<Split[]> {
  return (await client.query<Split>(applying, [symbols])).rows;
}

export type Inputs = {
  /** The configured intervals in days, ascending. */
  readonly intervals: readonly number[];
  readonly splits: readonly Split[];
  /** For two events an interval. */
  readonly sequences: readonly number[];
};

/** What the silver of the symbols follows from beside their bars, and numbers for its events, in one round trip, under their lock. */
export async function readInputs(client: ClientBase, symbols: readonly string[]): Promise<Inputs> {
  const { rows } = await client.query<Inputs>({
    name: 'read-inputs',
    text: `
      select array(select days from ops.interval order by days) as intervals,
             coalesce((select json_agg(applying) from (${applying}) applying), '[]') as splits,
             array(select nextval('ops.silver_sequence')::float8
                     from generate_series(1, 2 * (select count(*) from ops.interval))) as sequences`,
    values: [symbols],
  });
  return rows[0] as Inputs;
}
