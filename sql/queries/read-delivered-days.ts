import type { ClientBase } from 'pg';

/** A trading day as its sources delivered it. */
export type DeliveredDay = {
  readonly day: string;
  readonly bars: number;
  readonly quarantined: number;
  /** Its first delivery was taken in after that of a later day. */
  readonly late: boolean;
  /** Bars of it were corrected or deleted after they were taken in. */
  readonly restated: boolean;
};

/** The delivered days of a range, oldest first. Whether a day was late depends on all later ones, so all are looked at. */
export async function readDeliveredDays(
  client: ClientBase,
  { from, through }: { readonly from: string; readonly through: string },
): Promise<DeliveredDay[]> {
  const { rows } = await client.query<DeliveredDay>(
    `with changed as (
       select trading_day as day, min(id) filter (where kind = 'ingest') as first,
              bool_or(kind = 'delete' or (counts ->> 'corrected')::int + (counts ->> 'deleted')::int > 0) as restated
         from ops.change
        where kind in ('ingest', 'delete') and trading_day is not null
        group by trading_day
     ), delivered as (
       select trading_day as day, sum(bars)::int as bars, sum(quarantined)::int as quarantined
         from ops.trading_day group by trading_day
     ), judged as (
       select day, bars, quarantined, coalesce(restated, false) as restated,
              coalesce(first > min(first) over (order by day desc rows between unbounded preceding and 1 preceding), false)
                as late
         from delivered left join changed using (day)
     )
     select day, bars, quarantined, late, restated from judged where day between $1 and $2 order by day`,
    [from, through],
  );
  return rows;
}
