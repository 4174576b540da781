import type { ClientBase } from 'pg';

export type QuarantineRow = {
  readonly position: number;
  readonly reason: string;
  readonly symbol: string;
  readonly row: string;
};

/** Keeps refused rows, each once. Returns how many were not there already. */
export async function insertQuarantine(
  client: ClientBase,
  source: string,
  tradingDay: string,
  rows: readonly QuarantineRow[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const result = await client.query(
    `insert into ops.quarantine as kept (source, trading_day, position, reason, symbol, row)
     select $1, $2, refused.position, refused.reason, refused.symbol, refused.row
       from unnest($3::int[], $4::text[], $5::text[], $6::text[]) as refused (position, reason, symbol, row)
     on conflict (source, trading_day, position, reason) do update
        set symbol = excluded.symbol, row = excluded.row, quarantined_at = now()
      where (kept.symbol, kept.row) is distinct from (excluded.symbol, excluded.row)`,
    [
      source,
      tradingDay,
      rows.map((row) => row.position),
      rows.map((row) => row.reason),
      rows.map((row) => storable(row.symbol)),
      rows.map((row) => storable(row.row)),
    ],
  );
  return result.rowCount ?? 0;
}

/** PostgreSQL's text holds every character but NUL. */
function storable(text: string): string {
  return text.replaceAll('\0', String.raw`\0`);
}
