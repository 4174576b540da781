import type { ClientBase } from 'pg';

export type AskedDay = {
  readonly source: string;
  readonly tradingDay: string;
  /** Symbols that were asked for; null: all. */
  readonly selection: readonly string[] | null;
};

/** Whether any series of that source goes from before the day, or from it, to it or beyond: only such a one can have a bar on it. */
export async function reachesDay(client: ClientBase, day: AskedDay): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>({
    name: 'reaches-day',
    text: `select exists (
             select from ops.symbol
              where source = $1 and last_date >= $2 and first_date <= $2
                and ($3::text[] is null or symbol = any($3))) as found`,
    values: [day.source, day.tradingDay, day.selection],
  });
  return rows[0]?.found ?? true;
}
