import type { ClientBase } from 'pg';
import { silverTable } from './silver-table.ts';

/** Bars in each silver table, by days. */
export async function countSilver(
  client: ClientBase,
  intervals: readonly number[],
): Promise<{ days: number; bars: number }[]> {
  const { rows } = await client.query<{ days: number; bars: number }>(
    intervals
      .map((days) => `select ${days} as days, count(*)::int as bars from ${silverTable(days)}`)
      .join(' union all ')
      .concat(' order by days'),
  );
  return rows;
}
