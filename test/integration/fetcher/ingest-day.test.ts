import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Delivery } from '../../../services/fetcher/bar.ts';
import { ingestDay } from '../../../services/fetcher/ingest-day.ts';
import { SeriesConflictError } from '../../../services/fetcher/series-conflict-error.ts';
import { validateBars } from '../../../services/fetcher/validate-bars.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';

const correlationId = 'c1a7d3f4-52b7-4f59-8f2d-0f4c4f0b7f02';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() =>
  database.db.query(
    'truncate raw_ohlcv, ops.symbol, ops.change, ops.invalidation, ops.outbox, ops.quarantine, ops.trading_day',
  ),
);

type Row = { symbol: string; close?: string; volume?: string };

function delivery(tradingDay: string, rows: Row[], more: Partial<Delivery> = {}): Delivery {
  const judged = validateBars(
    rows.map(({ symbol, close = '10', volume = '100' }, index) => {
      return { position: index + 1, symbol, open: '10', high: '12', low: '9', close, volume };
    }),
  );
  return {
    source: 'test',
    tradingDay,
    adjusted: false,
    fingerprint: `${tradingDay} ${rows.length}`,
    ...judged,
    ...more,
  };
}

const ingest = (what: Delivery, options: { prune?: boolean } = {}) =>
  ingestDay({ db: database.db }, what, { cause: 'backfill', correlationId, ...options });

const bronze = () =>
  database.db.query<{ bar: string }>(
    `select concat_ws(' ', symbol, date, close, volume) as bar from raw_ohlcv order by symbol, date`,
  );
const invalidations = async () =>
  (
    await database.db.query<{ text: string }>(
      `select concat_ws(' ', symbol, from_date, coalesce(through_date::text, 'end'), reason) as text
         from ops.invalidation order by id`,
    )
  ).map((row) => row.text);
const events = async () =>
  (
    await database.db.query<{ detail: { data: Record<string, unknown> } }>(
      'select detail from ops.outbox order by id',
    )
  ).map((row) => row.detail.data);

/** Every row version of the tables that a repetition must leave alone. */
const versions = () =>
  database.db.query(
    `select 'bar' as what, symbol as key, xmin::text, ctid::text from raw_ohlcv
     union all select 'quarantine', position::text, xmin::text, ctid::text from ops.quarantine
     union all select 'change', id::text, xmin::text, ctid::text from ops.change
     union all select 'invalidation', id::text, xmin::text, ctid::text from ops.invalidation
     union all select 'outbox', id::text, xmin::text, ctid::text from ops.outbox order by 1, 2`,
  );

/** Counts and dates are exact always; the start of the open group is right wherever it is not null. */
async function expectExactState(): Promise<void> {
  const wrong = await database.db.query(
    `with bar as (
       select symbol, date, row_number() over (partition by symbol order by date) - 1 as ordinal from raw_ohlcv
     ), open_group as (
       select symbol, days, max(date) filter (where ordinal % days = 0) as start from bar, ops.interval
        group by symbol, days
     ), truth as (
       select state.symbol,
              (select count(*) from bar where bar.symbol = state.symbol) as bar_count,
              (select min(date) from bar where bar.symbol = state.symbol) as first_date,
              (select max(date) from bar where bar.symbol = state.symbol) as last_date,
              (select array_agg(start order by days) from open_group where open_group.symbol = state.symbol) as open_start
         from ops.symbol state
     )
     select state.*, truth.* from ops.symbol state join truth using (symbol)
      where (state.bar_count, state.first_date, state.last_date)
            is distinct from (truth.bar_count, truth.first_date, truth.last_date)
         or state.open_start <> truth.open_start`,
  );
  expect(wrong).toEqual([]);
}

const openStart = async (symbol: string) =>
  (
    await database.db.query<{ open_start: string[] | null }>(
      'select open_start from ops.symbol where symbol = $1',
      [symbol],
    )
  )[0]?.open_start;

const days = Array.from({ length: 40 }, (_, index) =>
  new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10),
);

test('appended bars keep the state exact, open groups included, and invalidate from their day on', async () => {
  for (const day of days) await ingest(delivery(day, [{ symbol: 'B' }, { symbol: 'A' }]));
  await expectExactState();
  expect(await openStart('A')).toHaveLength(6);
  expect((await invalidations()).slice(0, 2).toSorted()).toEqual([
    'A 2024-01-01 end appended',
    'B 2024-01-01 end appended',
  ]);
  expect(await events()).toHaveLength(40);
});

test('the same delivery again writes nothing but when it was checked', async () => {
  const rows = [{ symbol: 'A' }, { symbol: '?' }, { symbol: 'B', close: '10.5' }];
  await ingest(delivery('2024-01-02', rows));
  const before = await versions();
  const report = await ingest(delivery('2024-01-02', [{ symbol: 'A', close: '10.00' }, ...rows.slice(1)]));
  expect(report).toMatchObject({ received: 3, inserted: 0, unchanged: 2, eventId: null });
  expect(await versions()).toEqual(before);
});

test('a correction ends on its day, and its event lists the symbol', async () => {
  for (const day of days.slice(0, 3)) await ingest(delivery(day, [{ symbol: 'A' }, { symbol: 'B' }]));
  const before = await openStart('A');
  const report = await ingest(delivery('2024-01-02', [{ symbol: 'A', close: '11' }, { symbol: 'B' }]));
  expect(report).toMatchObject({ received: 2, corrected: 1, unchanged: 1, inserted: 0 });
  expect((await invalidations()).at(-1)).toBe('A 2024-01-02 2024-01-02 corrected');
  expect((await events()).at(-1)).toMatchObject({ corrected: 1, bars: 2, symbols: ['A'] });
  expect(await openStart('A')).toEqual(before);
  await expectExactState();
});

test('what a backfill corrects or deletes is told of as a correction, and what it adds as a backfill', async () => {
  await ingest(delivery('2024-01-01', [{ symbol: 'A' }, { symbol: 'B' }]));
  await ingest(delivery('2024-01-01', [{ symbol: 'A', close: '11' }, { symbol: 'B' }, { symbol: 'C' }]));
  await ingest(delivery('2024-01-01', [{ symbol: 'A', close: '11' }, { symbol: 'B' }]), { prune: true });
  await ingest(delivery('2024-01-01', [{ symbol: 'A', close: '11' }, { symbol: 'B' }, { symbol: 'D' }]));
  expect(
    await database.db.query(
      `select change.cause, detail -> 'metadata' ->> 'cause' as told
         from ops.change join ops.outbox using (event_id) order by change.id`,
    ),
  ).toEqual(['backfill', 'correction', 'correction', 'backfill'].map((cause) => ({ cause, told: cause })));
});

test('a bar before the first or in mid-history counts, and the open groups become unknown', async () => {
  for (const day of ['2024-01-03', '2024-01-05'])
    await ingest(delivery(day, [{ symbol: 'A' }, { symbol: 'B' }]));
  expect(await ingest(delivery('2024-01-04', [{ symbol: 'A' }]))).toMatchObject({ inserted: 1 });
  expect(await ingest(delivery('2024-01-01', [{ symbol: 'B' }]))).toMatchObject({ inserted: 1 });
  expect((await invalidations()).slice(-2)).toEqual([
    'A 2024-01-04 end inserted',
    'B 2024-01-01 end inserted',
  ]);
  expect([await openStart('A'), await openStart('B')]).toEqual([null, null]);
  await ingest(delivery('2024-01-08', [{ symbol: 'A' }]));
  expect(await openStart('A')).toBeNull();
  await expectExactState();
});

describe('rows that a later delivery lacks', () => {
  beforeEach(async () => {
    for (const day of days.slice(0, 3)) {
      await ingest(delivery(day, [{ symbol: 'A' }, { symbol: 'B' }, { symbol: 'C' }]));
    }
  });

  test('are counted, and stay', async () => {
    const before = await bronze();
    expect(await ingest(delivery('2024-01-02', [{ symbol: 'A' }]))).toMatchObject({
      missing: 2,
      deleted: 0,
      eventId: null,
    });
    expect(await bronze()).toEqual(before);
  });

  test.each(['2024-01-01', '2024-01-02', '2024-01-03'])('are deleted by pruning, here on %s', async (day) => {
    expect(await ingest(delivery(day, [{ symbol: 'A' }]), { prune: true })).toMatchObject({ deleted: 2 });
    expect((await invalidations()).slice(-2)).toEqual([`B ${day} end deleted`, `C ${day} end deleted`]);
    await expectExactState();
  });

  test('are kept where a bad row came for the symbol, and where the symbol was not asked for', async () => {
    const rows = [{ symbol: 'A' }, { symbol: 'B', volume: '-1' }];
    const report = await ingest(delivery('2024-01-02', rows, { selection: ['A', 'B'] }), { prune: true });
    expect(report).toMatchObject({
      deleted: 0,
      missing: 0,
      unchanged: 1,
      quarantined: { negative_volume: 1 },
    });
    expect(await bronze()).toHaveLength(9);
  });

  test('may be all the bars of a symbol, which then begins anew', async () => {
    for (const day of days.slice(0, 3))
      await ingest(delivery(day, [{ symbol: 'A' }, { symbol: 'B' }]), { prune: true });
    await expectExactState();
    await ingest(delivery('2024-01-10', [{ symbol: 'C' }]));
    expect(new Set(await openStart('C'))).toEqual(new Set(['2024-01-10']));
    await expectExactState();
  });
});

test('words are tickers and case tells stocks apart, in a few rows and in a COPY', async () => {
  const odd = ['TRUE', 'NULL', 'NAN', 'null', 'CPS', 'CpS', 'ON', 'A.B', 'A/B', 'A-B'];
  const many = Array.from({ length: 200 }, (_, index) => `X${index}`);
  await ingest(
    delivery(
      '2024-01-02',
      odd.map((symbol) => ({ symbol })),
    ),
  );
  await ingest(
    delivery(
      '2024-01-03',
      [...odd, ...many].map((symbol) => ({ symbol })),
    ),
  );
  const stored = await database.db.query<{ symbol: string; bars: number }>(
    'select symbol, count(*)::int as bars from raw_ohlcv where symbol <> all ($1) group by symbol',
    [many],
  );
  expect(stored.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1))).toEqual(
    odd.toSorted().map((symbol) => ({ symbol, bars: 2 })),
  );
  await expectExactState();
});

test('values are stored as they were delivered, beyond what a double holds', async () => {
  await ingest(
    delivery('2024-01-02', [{ symbol: 'A', close: '10.12345678901234567890', volume: '1.432032e+06' }]),
  );
  await ingest(delivery('2024-01-02', [{ symbol: 'B', close: '10.10', volume: '9007199254740993.5' }]));
  expect((await bronze()).map((row) => row.bar)).toEqual([
    'A 2024-01-02 10.12345678901234567890 1432032',
    'B 2024-01-02 10.10 9007199254740993.5',
  ]);
});

test('garbage is kept once, and told of once', async () => {
  const garbage = [
    { symbol: 'A\0\n' },
    { symbol: '\uD800' },
    { symbol: 'NULL', volume: 'x' },
    { symbol: '{"' },
  ];
  const first = await ingest(delivery('2024-01-02', garbage));
  expect(first).toMatchObject({ received: 4, quarantined: { bad_symbol: 3, not_a_number: 1 } });
  expect(first.eventId).not.toBeNull();
  expect((await ingest(delivery('2024-01-02', garbage))).eventId).toBeNull();
  expect(await events()).toMatchObject([{ bars: 0, quarantined: 4 }]);
});

test('a first delivery without a row tells its event, a second does not', async () => {
  expect((await ingest(delivery('2024-01-02', []))).eventId).not.toBeNull();
  expect((await ingest(delivery('2024-01-02', []))).eventId).toBeNull();
});

test('adjusted and unadjusted bars never become one series', async () => {
  await ingest(delivery('2024-01-02', [{ symbol: 'A' }], { source: 'sample', adjusted: true }));
  await ingest(delivery('2024-01-02', [{ symbol: 'B' }], { source: 'flatfiles' }));
  const before = await bronze();
  for (const other of [
    delivery('2024-01-03', [{ symbol: 'A' }, { symbol: 'C' }], { source: 'flatfiles' }),
    delivery('2024-01-03', [{ symbol: 'A' }], { source: 'other', adjusted: true }),
    delivery('2024-01-01', [{ symbol: 'B' }], { source: 'sample', adjusted: true }),
  ]) {
    const error: unknown = await ingest(other).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SeriesConflictError);
    expect((error as Error).message).toMatch(/FIBBARS_DATA_DIR/);
  }
  expect(await bronze()).toEqual(before);
  await ingest(delivery('2024-01-03', [{ symbol: 'B' }], { source: 'massive' }));
});

test('a bar from before retention goes to quarantine, and groups keep counting from the base', async () => {
  for (const day of days.slice(0, 7)) await ingest(delivery(day, [{ symbol: 'A' }]));
  await database.db.query(`delete from raw_ohlcv where date < '2024-01-05'`);
  await database.db.query(
    `update ops.symbol set bar_count = 3, base_ordinal = 4, first_date = '2024-01-05', retained_from = '2024-01-05'`,
  );
  expect(await ingest(delivery('2024-01-04', [{ symbol: 'A' }, { symbol: 'B' }]))).toMatchObject({
    inserted: 1,
    quarantined: { before_retention: 1 },
  });
  for (const day of ['2024-01-08', '2024-01-09']) await ingest(delivery(day, [{ symbol: 'A' }]));
  // Ordinals 7 and 8: groups of 3 began at 3 and 6, those of 8 at 0 and 8.
  const [of3, , of8] = (await openStart('A')) ?? [];
  expect([of3, of8]).toEqual(['2024-01-07', '2024-01-09']);
});

test('an interval that was added leaves the open groups unknown rather than wrong', async () => {
  await ingest(delivery('2024-01-02', [{ symbol: 'A' }]));
  await database.db.query('insert into ops.interval (days) values (2)');
  await ingest(delivery('2024-01-03', [{ symbol: 'A' }]));
  expect(await openStart('A')).toBeNull();
  await database.db.query('delete from ops.interval where days = 2');
});
