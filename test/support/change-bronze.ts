import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import { lockSymbols } from '../../sql/queries/lock-symbols.ts';

export type TestBar = {
  readonly date: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
};

export type BronzeChange = {
  readonly symbol: string;
  readonly put?: readonly TestBar[];
  readonly remove?: readonly string[];
};

/** A bar whose prices follow from a seed. */
export function testBar(date: string, seed = 1): TestBar {
  const low = 10 + (seed % 50);
  return {
    date,
    open: `${low + 1}.5`,
    high: `${low + 3 + (seed % 7)}.25`,
    low: `${low}.125`,
    close: `${low + 2}.75`,
    volume: String(1_000 + seed),
  };
}

/**
 * Changes bronze as every writer of it must, in the caller's transaction: locks, rows, state, invalidations. Written for tests:
 * plain, one row after another, with the state counted anew from bronze.
 */
export async function changeBronze(
  client: ClientBase,
  changes: readonly BronzeChange[],
  cause = 'live',
): Promise<void> {
  const symbols = [...new Set(changes.map((change) => change.symbol))].toSorted();
  for (const symbol of symbols) {
    await client.query(`insert into ops.symbol (symbol, source) values ($1, 'test') on conflict do nothing`, [
      symbol,
    ]);
  }
  const states = new Map((await lockSymbols(client, symbols)).map((state) => [state.symbol, state]));
  const { rows } = await client.query<{ id: string }>(
    `insert into ops.change (event_id, kind, cause, source, correlation_id)
     values ($1, 'ingest', $2, 'test', $3) returning id`,
    [randomUUID(), cause, randomUUID()],
  );
  const changeId = rows[0]?.id;
  for (const { symbol, put = [], remove = [] } of changes) {
    let appendedOnly = remove.length === 0;
    let last = states.get(symbol)?.lastDate ?? '';
    const invalidate = (from: string, through: string | null, reason: string) =>
      client.query(
        `insert into ops.invalidation (symbol, from_date, through_date, reason, change_id) values ($1, $2, $3, $4, $5)`,
        [symbol, from, through, reason, changeId],
      );
    for (const bar of put) {
      const values = [symbol, bar.date, bar.open, bar.high, bar.low, bar.close, bar.volume];
      const updated = await client.query(
        `update public.raw_ohlcv set open = $3, high = $4, low = $5, close = $6, volume = $7
          where symbol = $1 and date = $2`,
        values,
      );
      if (updated.rowCount === 1) {
        await invalidate(bar.date, bar.date, 'corrected');
        continue;
      }
      await client.query(
        `insert into public.raw_ohlcv (symbol, date, open, high, low, close, volume) values ($1, $2, $3, $4, $5, $6, $7)`,
        values,
      );
      const appended = bar.date > last;
      if (appended) last = bar.date;
      else appendedOnly = false;
      await invalidate(bar.date, null, appended ? 'appended' : 'inserted');
    }
    for (const date of remove) {
      const { rowCount } = await client.query(
        'delete from public.raw_ohlcv where symbol = $1 and date = $2',
        [symbol, date],
      );
      if (rowCount === 1) await invalidate(date, null, 'deleted');
    }
    await client.query(
      `update ops.symbol state
          set bar_count = (select count(*) from public.raw_ohlcv where symbol = $1),
              first_date = (select min(date) from public.raw_ohlcv where symbol = $1),
              last_date = (select max(date) from public.raw_ohlcv where symbol = $1),
              open_start = case when $2 and (open_start is not null or bar_count = 0) then (
                select array_agg(start order by days) from ops.interval cross join lateral (
                  select min(date) as start from (
                    select date, (state.base_ordinal + row_number() over (order by date) - 1) / days as number
                      from public.raw_ohlcv where symbol = $1) numbered
                   group by number order by number desc limit 1) newest) end
        where symbol = $1`,
      [symbol, appendedOnly],
    );
  }
}
