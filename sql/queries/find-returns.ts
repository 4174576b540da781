import type { ClientBase } from 'pg';

/** A symbol that has no bar for a long while, and then has some again. */
export type SymbolReturn = {
  readonly symbol: string;
  /** Its last bar before, and its first after. */
  readonly before: string;
  readonly after: string;
  /** Days between the two on which others were delivered. */
  readonly sessions: number;
};

/**
 * Symbols that come back after more than `moreThan` of the given days, by symbol and date. Only symbols that lack so many days in
 * all are looked at bar by bar.
 * @param days in order, on which bars were delivered
 */
export async function findReturns(
  client: ClientBase,
  days: readonly string[],
  moreThan: number,
): Promise<SymbolReturn[]> {
  const { rows } = await client.query<SymbolReturn>(
    `with session as materialized (
       select day, number from unnest($1::date[]) with ordinality as delivered (day, number)
     ), candidate as materialized (
       select symbol
         from ops.symbol
         join session first on first.day = first_date
         join session last on last.day = last_date
        where last.number - first.number + 1 - bar_count > $2
     ), bar as (
       select symbol, date as after, lag(date) over series as before,
              (number - lag(number) over series - 1)::int as sessions
         from candidate
         join public.raw_ohlcv using (symbol)
         join session on day = date
       window series as (partition by symbol order by date)
     )
     select symbol, before, after, sessions from bar where sessions > $2 order by symbol, after`,
    [days, moreThan],
  );
  return rows;
}
