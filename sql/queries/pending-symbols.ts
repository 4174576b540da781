import type { ClientBase } from 'pg';

export type PendingSymbol = {
  readonly symbol: string;
  /** Daily bars that working it in will read, about. */
  readonly bars: number;
};

/** About the longest group of the default intervals, with the appended bar. */
const barsOfAppend = 36;

/**
 * Those of the symbols that have pending invalidations of the intervals, in `collate "C"` order.
 * @param jobId only invalidations that were committed before that job started; null: all.
 */
export async function pendingSymbols(
  client: ClientBase,
  symbols: readonly string[],
  intervals: readonly number[],
  jobId: string | null,
): Promise<PendingSymbol[]> {
  const { rows } = await client.query<PendingSymbol>({
    name: 'pending-symbols',
    text: `select wanted.symbol,
            case when pending.from_date >= coalesce(state.last_date, '-infinity') then $4::int
                 else greatest($4::int, least(
                   coalesce(state.bar_count, 0),
                   pending.through_date - greatest(pending.from_date, coalesce(state.first_date, pending.through_date)) + 2 * $4::int)) end as bars
       from unnest($1::text[]) as wanted (symbol)
       cross join lateral (
         select min(from_date) as from_date, count(*) as invalidations,
                case when count(*) = count(through_date) then max(through_date) end as through_date
           from ops.invalidation invalidation
          where invalidation.symbol = wanted.symbol
            and (invalidation.intervals is null or invalidation.intervals && $2::int[])
            and ($3::uuid is null or pg_visible_in_snapshot(
                  invalidation.written_by, (select started_snapshot from ops.job where id = $3)))
       ) pending
       left join ops.symbol state on state.symbol = wanted.symbol
      where pending.invalidations > 0
      order by wanted.symbol collate "C"`,
    values: [symbols, intervals, jobId, barsOfAppend],
  });
  return rows;
}
