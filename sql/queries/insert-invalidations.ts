import type { ClientBase } from 'pg';

export type DayChange = { readonly symbol: string; readonly change: 'inserted' | 'corrected' | 'deleted' };

/** Writes what silver does not yet know of one day: a correction ends on it, the others move all later groups. */
export async function insertInvalidations(
  client: ClientBase,
  tradingDay: string,
  changeId: string,
  changes: readonly DayChange[],
): Promise<void> {
  await client.query(
    `insert into ops.invalidation (symbol, from_date, through_date, reason, change_id)
     select symbol, $1, case when reason = 'corrected' then $1::date end, reason, $2
       from unnest($3::text[], $4::text[]) as changed (symbol, reason)`,
    [tradingDay, changeId, changes.map((each) => each.symbol), changes.map((each) => each.change)],
  );
}
