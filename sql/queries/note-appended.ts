import type { ClientBase } from 'pg';

export type Appended = {
  /** A PostgreSQL array literal: symbols whose newest bar is now of that day. */
  readonly symbols: string;
  readonly tradingDay: string;
  readonly source: string;
  readonly adjusted: boolean;
  readonly changeId: string;
  /** ops.interval, ascending. */
  readonly intervals: readonly number[];
};

/**
 * Brings the state of locked symbols after one appended bar each, and writes the invalidations. A new group of N days
 * begins where the bar's ordinal is a multiple of N; an unknown start stays unknown.
 */
export async function noteAppended(client: ClientBase, appended: Appended): Promise<void> {
  const starts = appended.intervals.map((days, index) => {
    if (!Number.isInteger(days)) throw new RangeError(`${days} is no interval`);
    return `case when (base_ordinal + bar_count) % ${days} = 0 then $2 else open_start[${index + 1}] end`;
  });
  await client.query(
    `with appended as (
       update ops.symbol
          set bar_count = bar_count + 1,
              first_date = coalesce(first_date, $2),
              last_date = $2,
              source = case when bar_count + base_ordinal = 0 then $4 else source end,
              delivered_adjusted = case when bar_count + base_ordinal = 0 then $5 else delivered_adjusted end,
              open_start = case
                when bar_count + base_ordinal = 0 then array_fill($2::date, array[${starts.length}])
                when bar_count > 0 and cardinality(open_start) = ${starts.length} then array[${starts.join(', ')}]::date[]
              end
        where symbol = any($1::text[])
       returning symbol
     )
     insert into ops.invalidation (symbol, from_date, reason, change_id)
     select symbol, $2, 'appended', $3 from appended`,
    [appended.symbols, appended.tradingDay, appended.changeId, appended.source, appended.adjusted],
  );
}
