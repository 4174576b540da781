import type { ClientBase } from 'pg';
import type { ReplayRange } from './replay-days.ts';

export type ReplayedDay = {
  readonly eventId: string;
  readonly correlationId: string;
  readonly source: string;
  readonly tradingDay: string;
  /** null: everything from the trading day on. */
  readonly throughDate: string | null;
  /** What the replay was begun with, on its first change. */
  readonly request?: ReplayRange | undefined;
};

/** Symbols with a bar on the day, among the given ones if there are any, in `collate "C"` order. */
export async function symbolsOfDay(
  client: ClientBase,
  tradingDay: string,
  symbols: readonly string[] | null,
): Promise<string[]> {
  const { rows } = await client.query<{ symbol: string }>(
    `select state.symbol from ops.symbol state
      where ($2::text[] is null or state.symbol = any($2))
        and exists (select from public.raw_ohlcv bar where bar.symbol = state.symbol and bar.date = $1)
      order by state.symbol`,
    [tradingDay, symbols],
  );
  return rows.map((row) => row.symbol);
}

/** Asks for a replay of the symbols from that day on, or of the day alone. They must be locked. Returns the change's id. */
export async function invalidateForReplay(
  client: ClientBase,
  day: ReplayedDay,
  symbols: readonly string[],
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `with change as (
       insert into ops.change (event_id, kind, cause, source, trading_day, correlation_id, counts)
       values ($1, 'replay', 'replay', $2, $3, $4, $7)
       returning id
     ), noted as (
       insert into ops.invalidation (symbol, from_date, through_date, reason, change_id)
       select symbol, $3::date, $6::date, 'replay', change.id from change, unnest($5::text[]) as symbol
     )
     select id::text from change`,
    [
      day.eventId,
      day.source,
      day.tradingDay,
      day.correlationId,
      symbols,
      day.throughDate,
      JSON.stringify(day.request ? { request: day.request } : {}),
    ],
  );
  return (rows[0] as { id: string }).id;
}
