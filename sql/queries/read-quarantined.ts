import type { ClientBase } from 'pg';

export type QuarantinedRow = {
  readonly source: string;
  readonly tradingDay: string;
  readonly position: number;
  readonly reason: string;
  readonly row: string;
};

/** What was refused of a symbol, in a range of days. */
export async function readQuarantined(
  client: ClientBase,
  symbol: string,
  { from, through }: { from: string; through: string },
): Promise<QuarantinedRow[]> {
  const { rows } = await client.query<QuarantinedRow>(
    `select source, trading_day as "tradingDay", position, reason, row from ops.quarantine
      where symbol = $1 and trading_day between $2 and $3
      order by trading_day, source, position, reason`,
    [symbol, from, through],
  );
  return rows;
}
