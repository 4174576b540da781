import type { ClientBase } from 'pg';

export type RefilledState = {
  readonly symbol: string;
  readonly barCount: number;
  readonly lastDate: string | null;
  /** Start of the newest group of each interval, ascending by days; null: unknown. */
  readonly openStart: readonly string[] | null;
};

/** Sets what the resampler found when it read a symbol to its end. The symbols must be locked. */
export async function refillState(client: ClientBase, states: readonly RefilledState[]): Promise<void> {
  await client.query(
    `update ops.symbol state
        set bar_count = found.bar_count, last_date = found.last_date, open_start = found.open_start::date[]
       from unnest($1::text[], $2::int[], $3::date[], $4::text[])
         as found (symbol, bar_count, last_date, open_start)
      where state.symbol = found.symbol`,
    [
      states.map((state) => state.symbol),
      states.map((state) => state.barCount),
      states.map((state) => state.lastDate),
      states.map((state) => (state.openStart === null ? null : `{${state.openStart.join(',')}}`)),
    ],
  );
}
