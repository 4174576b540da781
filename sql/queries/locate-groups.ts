import type { ClientBase } from 'pg';

export type Located = {
  /** Bars of the symbol before `fromDate`. */
  readonly barsBefore: number;
  /** Dates of the last bars before `fromDate`, newest first; as many as the longest open group may hold. */
  readonly datesBefore: readonly string[];
  /** Last day that a group with a bar through `throughDate` can reach; null: no bound. */
  readonly readThrough: string | null;
};

/**
 * Finds where the groups around a range of days lie: one row per symbol, in the order given.
 * @param longest days of the longest interval.
 */
export async function locateGroups(
  client: ClientBase,
  symbols: readonly string[],
  fromDates: readonly string[],
  throughDates: readonly (string | null)[],
  longest: number,
): Promise<Located[]> {
  const { rows } = await client.query<Located>({
    name: 'locate-groups',
    text: `select (select count(*)::int from public.raw_ohlcv bar
              where bar.symbol = item.symbol and bar.date < item.from_date) as "barsBefore",
            array(select bar.date from public.raw_ohlcv bar
                   where bar.symbol = item.symbol and bar.date < item.from_date
                   order by bar.date desc limit $4::int - 1) as "datesBefore",
            (select bar.date from public.raw_ohlcv bar
              where bar.symbol = item.symbol and bar.date > item.through_date
              order by bar.date offset $4::int - 2 limit 1) as "readThrough"
       from unnest($1::text[], $2::date[], $3::date[])
            with ordinality as item (symbol, from_date, through_date, position)
      order by item.position`,
    values: [symbols, fromDates, throughDates, longest],
  });
  return rows;
}
