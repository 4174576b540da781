import type { ClientBase } from 'pg';
import { silverTable } from './silver-table.ts';

/** Every symbol that bronze, the silver tables or ops.symbol know, in `collate "C"` order. */
export async function allSymbols(client: ClientBase, intervals: readonly number[]): Promise<string[]> {
  const tables = ['public.raw_ohlcv', ...intervals.map(silverTable)];
  // A loose index scan: from each symbol to the next, since `distinct` would read every row.
  const scans = tables.map(
    (table, index) => `walk_${index} as (
       (select symbol from ${table} order by symbol limit 1)
       union all
       select (select next.symbol from ${table} next where next.symbol > walk_${index}.symbol order by next.symbol limit 1)
         from walk_${index} where walk_${index}.symbol is not null
     )`,
  );
  const { rows } = await client.query<{ symbol: string }>(
    `with recursive ${scans.join(', ')}
     select symbol from (
       select symbol from ops.symbol
       ${tables.map((_, index) => `union select symbol from walk_${index} where symbol is not null`).join(' ')}
     ) known order by symbol collate "C"`,
  );
  return rows.map((row) => row.symbol);
}
