import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import { addDays } from '../../services/shared/calendar/day.ts';
import { lockSymbols } from '../../sql/queries/lock-symbols.ts';
import type { ModelSymbol } from './bronze-model.ts';

export type Move = { readonly symbol: string; readonly from: ModelSymbol; readonly to: ModelSymbol };

/**
 * Brings the bronze and the splits of many symbols from one model to the next, as every writer must: locks, rows, state,
 * invalidations. In bulk, by statements of its own.
 */
export async function moveBronze(
  client: ClientBase,
  moves: readonly Move[],
  intervals: readonly number[],
): Promise<void> {
  const symbols = moves.map((move) => move.symbol).toSorted();
  await client.query(
    `insert into ops.symbol (symbol, source) select symbol, 'model' from unnest($1::text[]) as symbol on conflict do nothing`,
    [symbols],
  );
  const states = new Map((await lockSymbols(client, symbols)).map((state) => [state.symbol, state]));
  const puts: unknown[][] = [];
  const gone: [string, string][] = [];
  const invalidations: [string, string, string | null, string][] = [];
  const after: [string, number, string | null, string | null, string | null][] = [];
  const splitPuts: [string, string, string, string][] = [];
  const splitsGone: [string, string][] = [];
  for (const { symbol, from, to } of moves) {
    const last = [...from.history.keys()].toSorted().at(-1) ?? '';
    let appendedOnly = true;
    for (const [date, bar] of to.history) {
      const before = from.history.get(date);
      if (before !== undefined && JSON.stringify(before) === JSON.stringify(bar)) continue;
      puts.push([symbol, date, bar.open, bar.high, bar.low, bar.close, bar.volume]);
      if (before === undefined && date <= last) appendedOnly = false;
      const reason = before === undefined ? (date > last ? 'appended' : 'inserted') : 'corrected';
      invalidations.push([symbol, date, before === undefined ? null : date, reason]);
    }
    for (const date of from.history.keys()) {
      if (to.history.has(date)) continue;
      appendedOnly = false;
      gone.push([symbol, date]);
      invalidations.push([symbol, date, null, 'deleted']);
    }
    for (const exDate of new Set([...(from.splits?.keys() ?? []), ...(to.splits?.keys() ?? [])])) {
      const ratio = to.splits?.get(exDate);
      if (ratio?.join() === from.splits?.get(exDate)?.join()) continue;
      if (ratio === undefined) splitsGone.push([symbol, exDate]);
      else splitPuts.push([symbol, exDate, ...ratio]);
      if (from.history.size > 0) invalidations.push([symbol, '-infinity', addDays(exDate, -1), 'split']);
    }
    const dates = [...to.history.keys()].toSorted();
    const known =
      appendedOnly && (from.history.size === 0 || states.get(symbol)?.openStart !== null) && dates.length > 0;
    const starts = intervals.map((days) => dates[Math.floor((dates.length - 1) / days) * days]);
    after.push([
      symbol,
      dates.length,
      dates[0] ?? null,
      dates.at(-1) ?? null,
      known ? `{${starts.join(',')}}` : null,
    ]);
  }
  await client.query(
    `delete from public.raw_ohlcv bar using unnest($1::text[], $2::date[]) as gone (symbol, date)
      where bar.symbol = gone.symbol and bar.date = gone.date`,
    columns(gone, 2),
  );
  await client.query(
    `insert into public.raw_ohlcv (symbol, date, open, high, low, close, volume)
     select * from unnest($1::text[], $2::date[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[], $7::numeric[])
     on conflict (symbol, date) do update set open = excluded.open, high = excluded.high, low = excluded.low,
       close = excluded.close, volume = excluded.volume`,
    columns(puts, 7),
  );
  await client.query(
    `delete from ops.split using unnest($1::text[], $2::date[]) as gone (symbol, ex_date)
      where split.symbol = gone.symbol and split.ex_date = gone.ex_date`,
    columns(splitsGone, 2),
  );
  await client.query(
    `insert into ops.split (symbol, ex_date, split_from, split_to, source)
     select *, 'model' from unnest($1::text[], $2::date[], $3::numeric[], $4::numeric[])
     on conflict (symbol, ex_date) do update set split_from = excluded.split_from, split_to = excluded.split_to`,
    columns(splitPuts, 4),
  );
  await client.query(
    `update ops.symbol state
        set bar_count = a.bar_count, first_date = a.first_date, last_date = a.last_date, open_start = a.open_start::date[]
       from unnest($1::text[], $2::int[], $3::date[], $4::date[], $5::text[])
         as a (symbol, bar_count, first_date, last_date, open_start)
      where state.symbol = a.symbol`,
    columns(after, 5),
  );
  await client.query(
    `with change as (insert into ops.change (event_id, kind, cause, source, correlation_id)
       values ($5, 'ingest', 'live', 'model', $5) returning id)
     insert into ops.invalidation (symbol, from_date, through_date, reason, change_id)
     select i.*, change.id from unnest($1::text[], $2::date[], $3::date[], $4::text[])
       as i (symbol, from_date, through_date, reason), change`,
    [...columns(invalidations, 4), randomUUID()],
  );
}

function columns(rows: readonly unknown[][], count: number): unknown[][] {
  return Array.from({ length: count }, (_, column) => rows.map((row) => row[column]));
}
