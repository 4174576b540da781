import type { ClientBase } from 'pg';

/** Trading days that some source delivered, from the first through the last of the range, oldest first. */
export async function deliveredDays(
  client: ClientBase,
  range: { readonly from: string; readonly to: string },
): Promise<string[]> {
  const { rows } = await client.query<{ day: string }>(
    `select distinct trading_day as day from ops.trading_day where trading_day between $1 and $2 order by trading_day`,
    [range.from, range.to],
  );
  return rows.map((row) => row.day);
}

/** The days that a replay has asked for already; its id is the correlation id of its changes. */
export async function replayedDays(client: ClientBase, replayId: string): Promise<Set<string>> {
  const { rows } = await client.query<{ day: string }>(
    `select distinct trading_day as day from ops.change where kind = 'replay' and correlation_id = $1`,
    [replayId],
  );
  return new Set(rows.map((row) => row.day));
}
