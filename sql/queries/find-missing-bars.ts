import type { ClientBase } from 'pg';

export type DeliveredDay = {
  readonly source: string;
  readonly tradingDay: string;
  /** Symbols of which the delivery has a row, good or bad. */
  readonly delivered: readonly string[];
  /** Symbols that were asked for; null: all. */
  readonly selection: readonly string[] | null;
};

/** The symbols of that source with a stored bar on that day which the delivery lacks, in `collate "C"` order. */
export async function findMissingBars(client: ClientBase, day: DeliveredDay): Promise<string[]> {
  // `limit` keeps the planner from joining the whole of bronze for a handful of candidates.
  const { rows } = await client.query<{ symbol: string }>(
    `with candidate as materialized (
       select symbol
         from ops.symbol
        where source = $1 and first_date <= $2 and last_date >= $2
          and ($4::text[] is null or symbol = any($4))
          and symbol <> all($3::text[])
     )
     select candidate.symbol
       from candidate
      cross join lateral (
        select from public.raw_ohlcv where symbol = candidate.symbol and date = $2 limit 1) stored
      order by candidate.symbol`,
    [day.source, day.tradingDay, day.delivered, day.selection],
  );
  return rows.map((row) => row.symbol);
}
