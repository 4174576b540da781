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
 * all are looked at bar by bar, along the index.
 * @param days in order, on which bars were delivered
 */
export async function findReturns(
  client: ClientBase,
  days: readonly string[],
  moreThan: number,
): Promise<SymbolReturn[]> {
  const { rows } = await client.query<Omit<SymbolReturn, 'sessions'>>(
    `with delivered as materialized (
       select day, number from unnest($1::date[]) with ordinality as delivered (day, number)
     ), candidate as materialized (
       select symbol
         from ops.symbol
         join delivered first on first.day = first_date
         join delivered last on last.day = last_date
        where last.number - first.number + 1 - bar_count > $2
     )
     select candidate.symbol, absence.before, absence.after
       from candidate
      cross join lateral (
        select lag(date) over (order by date) as before, date as after
          from public.raw_ohlcv where symbol = candidate.symbol) absence
      where absence.after - absence.before > $2
      order by candidate.symbol, absence.after`,
    [days, moreThan],
  );
  const numbers = new Map(days.map((day, number) => [day, number]));
  const numberOf = (day: string) => numbers.get(day) ?? Number.NaN;
  return rows
    .map((row) => ({ ...row, sessions: numberOf(row.after) - numberOf(row.before) - 1 }))
    .filter(({ sessions }) => sessions > moreThan);
}
