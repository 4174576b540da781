import type { ClientBase } from 'pg';

/** A good bar of the day, values as the decimal text that was delivered. */
export type IngestBar = {
  readonly symbol: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
};

/** What happened to a symbol in bronze on a day. */
export type BronzeChange = {
  readonly symbol: string;
  readonly reason: 'appended' | 'corrected' | 'inserted' | 'deleted';
};

/** Makes the rows of symbols that have none, in `collate "C"` order, so that two writers never wait for each other. */
export async function insertSymbols(
  client: ClientBase,
  symbols: readonly string[],
  series: { source: string; adjusted: boolean },
): Promise<void> {
  await client.query(
    `insert into ops.symbol (symbol, source, delivered_adjusted)
     select wanted.symbol, $2, $3 from unnest($1::text[]) as wanted (symbol)
      where not exists (select from ops.symbol known where known.symbol = wanted.symbol)
      order by wanted.symbol collate "C"
     on conflict do nothing`,
    [symbols, series.source, series.adjusted],
  );
}

/** Inserts bars that are later than the last one of their symbols, which must be locked. */
export async function insertAppended(
  client: ClientBase,
  day: string,
  bars: readonly IngestBar[],
): Promise<void> {
  await client.query(
    `insert into public.raw_ohlcv (symbol, date, open, high, low, close, volume)
     select symbol, $1::date, open, high, low, close, volume from ${input}`,
    [day, ...columns(bars)],
  );
}

/** Writes those bars that are not stored yet, or with other values; 1.5 and 1.50 are the same. The symbols must be locked. */
export async function upsertBars(
  client: ClientBase,
  day: string,
  bars: readonly IngestBar[],
): Promise<BronzeChange[]> {
  const { rows } = await client.query<BronzeChange>(
    `with input as materialized (select * from ${input}
     ), inserted as (
       insert into public.raw_ohlcv (symbol, date, open, high, low, close, volume)
       select symbol, $1::date, open, high, low, close, volume from input
        where not exists (select from public.raw_ohlcv stored where stored.symbol = input.symbol and stored.date = $1)
       returning symbol
     ), corrected as (
       update public.raw_ohlcv stored
          set open = input.open, high = input.high, low = input.low, close = input.close, volume = input.volume
         from input
        where stored.symbol = input.symbol and stored.date = $1
          and (stored.open, stored.high, stored.low, stored.close, stored.volume)
              is distinct from (input.open, input.high, input.low, input.close, input.volume)
       returning stored.symbol
     )
     select symbol, 'inserted' as reason from inserted union all select symbol, 'corrected' from corrected`,
    [day, ...columns(bars)],
  );
  return rows;
}

/** Deletes the day's bars of the symbols, which must be locked. */
export async function deleteBars(
  client: ClientBase,
  day: string,
  symbols: readonly string[],
): Promise<BronzeChange[]> {
  const { rows } = await client.query<BronzeChange>(
    `delete from public.raw_ohlcv where date = $1 and symbol = any($2) returning symbol, 'deleted' as reason`,
    [day, symbols],
  );
  return rows;
}

/** Symbols of the source with a bar on the day that are not among the given ones. */
export async function symbolsBeside(
  client: ClientBase,
  day: string,
  source: string,
  symbols: readonly string[],
  selection: readonly string[] | null,
): Promise<string[]> {
  const { rows } = await client.query<{ symbol: string }>(
    `select state.symbol from ops.symbol state
      where state.source = $2 and not state.symbol = any($3)
        and ($4::text[] is null or state.symbol = any($4))
        and state.first_date <= $1 and state.last_date >= $1
        and exists (select from public.raw_ohlcv bar where bar.symbol = state.symbol and bar.date = $1)
      order by state.symbol`,
    [day, source, symbols, selection],
  );
  return rows.map((row) => row.symbol);
}

/**
 * Keeps the state of the symbols whose newest bar is now that of the day.
 * @param intervals in days, ascending.
 */
export async function keepStateOfAppended(
  client: ClientBase,
  day: string,
  symbols: readonly string[],
  intervals: readonly number[],
): Promise<void> {
  const starts = intervals.map(
    (days, index) =>
      `case when (base_ordinal + bar_count) % ${Number(days)} = 0 then $1::date else open_start[${index + 1}] end`,
  );
  await client.query(
    `update ops.symbol
        set bar_count = bar_count + 1, first_date = coalesce(first_date, $1), last_date = $1,
            open_start = case
              when bar_count = 0 and base_ordinal = 0 then array_fill($1::date, array[${intervals.length}])
              when cardinality(open_start) = ${intervals.length} then array[${starts.join(', ')}] end
      where symbol = any($2)`,
    [day, symbols],
  );
}

/** Keeps the state of symbols that got a bar in mid-history, or lost one: where their groups start is not known any more. */
export async function keepStateOfShifted(
  client: ClientBase,
  inserted: readonly string[],
  deleted: readonly string[],
): Promise<void> {
  await client.query(
    `update ops.symbol state
        set bar_count = bar_count + case when state.symbol = any($1) then 1 else -1 end,
            first_date = (select min(date) from public.raw_ohlcv bar where bar.symbol = state.symbol),
            last_date = (select max(date) from public.raw_ohlcv bar where bar.symbol = state.symbol),
            open_start = null
      where symbol = any($1) or symbol = any($2)`,
    [inserted, deleted],
  );
}

export type ChangeRecord = {
  readonly eventId: string;
  readonly cause: string;
  readonly source: string;
  readonly tradingDay: string;
  readonly correlationId: string;
  readonly counts: object;
};

/** Records the change and invalidates what it touched. */
export async function recordChange(
  client: ClientBase,
  change: ChangeRecord,
  changes: readonly BronzeChange[],
): Promise<void> {
  await client.query(
    `with change as (
       insert into ops.change (event_id, kind, cause, source, trading_day, correlation_id, counts)
       values ($1, 'ingest', $2, $3, $4, $5, $6)
       returning id
     )
     insert into ops.invalidation (symbol, from_date, through_date, reason, change_id)
     select symbol, $4::date, case when reason = 'corrected' then $4::date end, reason, change.id
       from change, unnest($7::text[], $8::text[]) as touched (symbol, reason)
      order by symbol`,
    [
      change.eventId,
      change.cause,
      change.source,
      change.tradingDay,
      change.correlationId,
      change.counts,
      changes.map((each) => each.symbol),
      changes.map((each) => each.reason),
    ],
  );
}

export async function changeExists(client: ClientBase, eventId: string): Promise<boolean> {
  const { rowCount } = await client.query('select from ops.change where event_id = $1', [eventId]);
  return rowCount === 1;
}

export type DayRecord = {
  readonly source: string;
  readonly tradingDay: string;
  readonly fingerprint: string;
  readonly bars: number;
  readonly quarantined: number;
};

/** Notes that the delivery was taken in; returns whether it is the first one of that source and day. */
export async function recordTradingDay(client: ClientBase, day: DayRecord): Promise<boolean> {
  const { rows } = await client.query<{ first: boolean }>(
    `insert into ops.trading_day as known (source, trading_day, fingerprint, bars, quarantined)
     values ($1, $2, $3, $4, $5)
     on conflict (source, trading_day) do update set
       fingerprint = excluded.fingerprint, bars = excluded.bars, quarantined = excluded.quarantined,
       checked_at = now(),
       ingested_at = case when known.fingerprint = excluded.fingerprint then known.ingested_at else now() end
     -- Nobody locked or updated a row that was just inserted; one that was there is locked by this statement.
     returning xmax = 0 as first`,
    [day.source, day.tradingDay, day.fingerprint, day.bars, day.quarantined],
  );
  return rows[0]?.first ?? false;
}

export type QuarantineRow = {
  readonly position: number;
  readonly reason: string;
  readonly symbol: string;
  readonly row: string;
};

/** Keeps the rows that are no bars, once; returns how many of them are new. */
export async function quarantineRows(
  client: ClientBase,
  source: string,
  day: string,
  rows: readonly QuarantineRow[],
): Promise<number> {
  const { rowCount } = await client.query(
    `insert into ops.quarantine as kept (source, trading_day, position, reason, symbol, row)
     select $1, $2, * from unnest($3::int[], $4::text[], $5::text[], $6::text[])
     on conflict (source, trading_day, position, reason) do update set symbol = excluded.symbol, row = excluded.row
       where (kept.symbol, kept.row) is distinct from (excluded.symbol, excluded.row)`,
    [
      source,
      day,
      rows.map((row) => row.position),
      rows.map((row) => row.reason),
      rows.map((row) => row.symbol),
      rows.map((row) => row.row),
    ],
  );
  return rowCount ?? 0;
}

/** Fingerprints of the deliveries that were taken in, by trading day. */
export async function readFingerprints(client: ClientBase, source: string): Promise<Map<string, string>> {
  const { rows } = await client.query<{ day: string; fingerprint: string }>(
    'select trading_day as day, fingerprint from ops.trading_day where source = $1',
    [source],
  );
  return new Map(rows.map((row) => [row.day, row.fingerprint]));
}

const input = `unnest($2::text[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[], $7::numeric[])
         as input (symbol, open, high, low, close, volume)`;

/** Array literals made here: the driver quotes and escapes each value, which for 66,000 of them takes longer than the insert. */
function columns(bars: readonly IngestBar[]): string[] {
  const literal = (values: string[]) => `{${values.join(',')}}`;
  return [
    // Quoted, since NULL is a ticker.
    literal(bars.map((bar) => `"${bar.symbol}"`)),
    ...(['open', 'high', 'low', 'close', 'volume'] as const).map((field) =>
      literal(bars.map((bar) => bar[field])),
    ),
  ];
}
