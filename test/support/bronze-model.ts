import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import { lockSymbols } from '../../sql/queries/lock-symbols.ts';

/** Bars of one symbol by date. Prices are whole numbers, so that the model can compute with them. */
export type ModelBar = { open: number; high: number; low: number; close: number; volume: number };
export type ModelHistory = ReadonlyMap<string, ModelBar>;
export type ModelSilver = ModelBar & { startDate: string; endDate: string; barCount: number };

/** The definition, word for word: a symbol's bars in date order, N at a time. */
export function groupsOf(history: ModelHistory, days: number): ModelSilver[] {
  const bars = [...history].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const groups = Map.groupBy(bars.entries(), ([ordinal]) => Math.floor(ordinal / days));
  return [...groups.values()].map((members) => {
    const group = members.map(([, bar]) => bar);
    const [first, last] = [group[0]!, group.at(-1)!];
    return {
      startDate: first[0],
      endDate: last[0],
      open: first[1].open,
      high: Math.max(...group.map(([, bar]) => bar.high)),
      low: Math.min(...group.map(([, bar]) => bar.low)),
      close: last[1].close,
      volume: group.reduce((sum, [, bar]) => sum + bar.volume, 0),
      barCount: group.length,
    };
  });
}

/**
 * Brings the bronze of many symbols from one model to the next, as every writer must: locks, rows, state, invalidations. In bulk,
 * by statements of its own.
 */
export async function moveBronze(
  client: ClientBase,
  moves: readonly { symbol: string; from: ModelHistory; to: ModelHistory }[],
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
  for (const { symbol, from, to } of moves) {
    const last = [...from.keys()].toSorted().at(-1) ?? '';
    let appendedOnly = true;
    for (const [date, bar] of to) {
      const before = from.get(date);
      if (before !== undefined && JSON.stringify(before) === JSON.stringify(bar)) continue;
      puts.push([symbol, date, bar.open, bar.high, bar.low, bar.close, bar.volume]);
      if (before === undefined && date <= last) appendedOnly = false;
      const reason = before === undefined ? (date > last ? 'appended' : 'inserted') : 'corrected';
      invalidations.push([symbol, date, before === undefined ? null : date, reason]);
    }
    for (const date of from.keys()) {
      if (to.has(date)) continue;
      appendedOnly = false;
      gone.push([symbol, date]);
      invalidations.push([symbol, date, null, 'deleted']);
    }
    const dates = [...to.keys()].toSorted();
    const known = appendedOnly && (from.size === 0 || states.get(symbol)?.openStart !== null) && to.size > 0;
    const starts = intervals.map((days) => dates[Math.floor((dates.length - 1) / days) * days]);
    after.push([
      symbol,
      to.size,
      dates[0] ?? null,
      dates.at(-1) ?? null,
      known ? `{${starts.join(',')}}` : null,
    ]);
  }
  const columns = (rows: readonly unknown[][], count: number) =>
    Array.from({ length: count }, (_, column) => rows.map((row) => row[column]));
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
