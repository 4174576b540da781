import type { ClientBase } from 'pg';

export type Invalidation = {
  readonly symbol: string;
  /** `-infinity`: from the first bar. */
  readonly fromDate: string;
  /** Last day whose values changed; null: everything from `fromDate` on. */
  readonly throughDate: string | null;
  readonly reason: 'deleted' | 'retention' | 'split' | 'rebuild';
  /** In days; absent: all. */
  readonly intervals?: readonly number[];
};

/** Notes what silver does not know yet. The symbols must be locked. */
export async function insertInvalidations(
  client: ClientBase,
  changeId: string,
  invalidations: readonly Invalidation[],
): Promise<void> {
  await client.query(
    `insert into ops.invalidation (symbol, from_date, through_date, reason, intervals, change_id)
     select symbol, from_date, through_date, reason, intervals::int[], $1
       from unnest($2::text[], $3::date[], $4::date[], $5::text[], $6::text[])
         as noted (symbol, from_date, through_date, reason, intervals)
      order by symbol collate "C"`,
    [
      changeId,
      invalidations.map((each) => each.symbol),
      invalidations.map((each) => each.fromDate),
      invalidations.map((each) => each.throughDate),
      invalidations.map((each) => each.reason),
      invalidations.map((each) => (each.intervals ? `{${each.intervals.join(',')}}` : null)),
    ],
  );
}
