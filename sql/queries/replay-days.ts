import type { ClientBase } from 'pg';

/** What a replay is asked for. */
export type ReplayRange = {
  /** First and last trading day. */
  readonly from: string;
  readonly to: string;
  /** null: every symbol with a bar on the day. */
  readonly symbols: readonly string[] | null;
};

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

/** What a replay was begun with; undefined: it was not begun, or its first change does not say. */
export async function replayBegunWith(
  client: ClientBase,
  replayId: string,
): Promise<ReplayRange | undefined> {
  const { rows } = await client.query<{ request: ReplayRange }>(
    `select counts -> 'request' as request from ops.change
      where kind = 'replay' and correlation_id = $1 and counts ? 'request' order by id limit 1`,
    [replayId],
  );
  return rows[0]?.request;
}
