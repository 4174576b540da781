import type { ClientBase } from 'pg';

export type TradingDayRow = {
  readonly source: string;
  readonly tradingDay: string;
  readonly fingerprint: string;
  readonly bars: number;
  readonly quarantined: number;
};

/** Notes a delivery that changed nothing as taken in. Returns whether it is the first of that day and source. */
export async function upsertTradingDay(client: ClientBase, row: TradingDayRow): Promise<boolean> {
  const { rows } = await client.query<{ first: boolean }>(
    // A row that was there already has been locked by this statement, which xmax tells.
    `insert into ops.trading_day (source, trading_day, fingerprint, bars, quarantined)
     values ($1, $2, $3, $4, $5)
     on conflict (source, trading_day) do update
        set fingerprint = excluded.fingerprint, bars = excluded.bars, quarantined = excluded.quarantined,
            checked_at = now()
     returning (xmax = 0) as first`,
    [row.source, row.tradingDay, row.fingerprint, row.bars, row.quarantined],
  );
  return rows[0]?.first ?? false;
}
