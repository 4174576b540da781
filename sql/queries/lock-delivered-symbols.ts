import type { ClientBase } from 'pg';

export type DeliveredSeries = {
  /** A PostgreSQL array literal. */
  readonly symbols: string;
  readonly tradingDay: string;
  readonly source: string;
  readonly adjusted: boolean;
};

/** A symbol to which the delivered bar cannot simply be appended. */
export type NotAppendable = {
  readonly symbol: string;
  readonly source: string;
  readonly deliveredAdjusted: boolean;
  /** It has bars of another source, and one of the two is adjusted. */
  readonly conflict: boolean;
  /** The day is before what retention keeps. */
  readonly beforeRetention: boolean;
};

export type LockedSymbols = {
  /**
   * ops.interval, ascending, perhaps as before an interval was added while this waited: the state that is kept for them then has
   * one start too few, which the resampler takes for unknown.
   */
  readonly intervals: number[];
  readonly exceptions: NotAppendable[];
};

/**
 * Locks the symbols' rows in `collate "C"` order until the transaction ends, as `lockSymbols` does, but returns only those
 * to which the bar cannot be appended: on an ordinary night none of 11,000.
 */
export async function lockDeliveredSymbols(
  client: ClientBase,
  series: DeliveredSeries,
): Promise<LockedSymbols> {
  const { rows } = await client.query<NotAppendable & { intervals: number[] | null }>(
    `with locked as (
       select symbol, source, delivered_adjusted, bar_count, base_ordinal, retained_from, last_date
         from ops.symbol
        where symbol = any($1::text[])
        order by symbol
          for update
     ), judged as (
       select symbol, source, delivered_adjusted, last_date,
              (bar_count > 0 or base_ordinal > 0)
                and (delivered_adjusted <> $3 or (delivered_adjusted and source <> $4)) as conflict,
              coalesce(retained_from > $2, false) as before_retention
         from locked
     )
     select null as symbol, null as source, false as "deliveredAdjusted", false as conflict,
            false as "beforeRetention", array(select days from ops.interval order by days) as intervals
     union all
     select symbol, source, delivered_adjusted, conflict, before_retention, null
       from judged
      where conflict or before_retention or last_date >= $2`,
    [series.symbols, series.tradingDay, series.adjusted, series.source],
  );
  return {
    intervals: rows.find((row) => row.intervals !== null)?.intervals ?? [],
    exceptions: rows.filter((row) => row.intervals === null),
  };
}
