import type { ClientBase } from 'pg';
import type { Taken } from './take-invalidations.ts';

/** Leaves what was taken for the intervals that this job does not compute. */
export async function putBackInvalidations(
  client: ClientBase,
  taken: readonly Taken[],
  intervals: readonly (readonly number[])[],
  changeId: string,
): Promise<void> {
  await client.query(
    `insert into ops.invalidation (symbol, from_date, through_date, reason, intervals, change_id)
     select symbol, from_date, through_date, reason, intervals::int[], $6
       from unnest($1::text[], $2::date[], $3::date[], $4::text[], $5::text[])
         as rest (symbol, from_date, through_date, reason, intervals)
      order by symbol`,
    [
      taken.map((each) => each.symbol),
      taken.map((each) => each.fromDate),
      taken.map((each) => each.throughDate),
      taken.map((each) => (each.replays === each.invalidations ? 'replay' : 'rebuild')),
      intervals.map((days) => `{${days.join(',')}}`),
      changeId,
    ],
  );
}
