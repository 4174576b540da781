import type { ClientBase } from 'pg';

export type Market = {
  /** That have bars. */
  readonly symbols: number;
  /** First and last day of all bars; null without any. */
  readonly firstDay: string | null;
  readonly lastDay: string | null;
};

export async function readMarket(client: ClientBase): Promise<Market> {
  const { rows } = await client.query<Market>(
    `select count(*)::int as symbols, min(first_date) as "firstDay", max(last_date) as "lastDay"
       from ops.symbol where bar_count > 0`,
  );
  return rows[0] as Market;
}
