import type { ClientBase } from 'pg';

export type Series = {
  /** Whether silver has its prices adjusted for splits, or they were delivered so. */
  readonly adjusted: boolean;
};

/** How the bars of a symbol are to be read; undefined: nothing is known of it. */
export async function readSeries(client: ClientBase, symbol: string): Promise<Series | undefined> {
  const { rows } = await client.query<Series>(
    `select delivered_adjusted or (select value from ops.setting where name = 'adjustment') = 'split' as adjusted
       from ops.symbol where symbol = $1`,
    [symbol],
  );
  return rows[0];
}
