import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ChunkResult, resampleChunk } from '../../../services/resampler/resample-chunk.ts';
import { fromDays, toDays } from '../../../services/resampler/trading-date.ts';
import { type BronzeChange, changeBronze, testBar } from '../../support/change-bronze.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { expectSilverIsRight, silverDifferences } from '../../support/silver-definition.ts';

const intervals = [3, 5, 8, 13, 21, 34];
const firstDay = toDays('2024-01-01');
const day = (ordinal: number) => fromDays(firstDay + 2 * ordinal);
/** Between day(ordinal) and the next. */
const dayAfter = (ordinal: number) => fromDays(firstDay + 2 * ordinal + 1);
const history = (count: number, seed = 0) =>
  Array.from({ length: count }, (_, ordinal) => testBar(day(ordinal), seed + ordinal));

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.query(
    `truncate public.raw_ohlcv, ops.symbol, ops.invalidation, ops.change, ops.outbox, ops.run,
       ${intervals.map((days) => `public.silver_${days}d`).join(', ')}`,
  );
});

const change = (...changes: BronzeChange[]) =>
  database.db.transaction((client) => changeBronze(client, changes));

async function resample(
  symbols: string[] = ['AAPL', 'CPS', 'CpS', 'MSFT'],
  days: number[] = intervals,
): Promise<ChunkResult> {
  return await database.db.transaction((client) =>
    resampleChunk(client, { runId: randomUUID(), jobId: null, symbols, intervals: days }),
  );
}

type Told = {
  symbols: string[];
  completedSymbols: string[];
  from: string | null;
  changedRows: number;
  sequence: number;
};
async function told(): Promise<Map<number, Told & { cause: string }>> {
  const rows = await database.db.query<{
    detail: { metadata: { cause: string }; data: Told & { interval: number } };
  }>('delete from ops.outbox returning detail');
  return new Map(
    rows.map(({ detail }) => [detail.data.interval, { ...detail.data, cause: detail.metadata.cause }]),
  );
}

const written = async (days: number) =>
  await database.db.query(
    `select xmin::text, ctid::text, symbol, start_date from public.silver_${days}d order by 3, 4`,
  );

describe('a chunk', () => {
  afterEach(async () => {
    await expectSilverIsRight(database.db);
    expect(await database.db.query('select * from ops.invalidation')).toEqual([]);
  });

  it('fills empty silver', async () => {
    await change({ symbol: 'AAPL', put: history(70) }, { symbol: 'MSFT', put: history(1) });
    const { changedRows } = await resample();
    expect(changedRows).toBe(24 + 14 + 9 + 6 + 4 + 3 + 6);
    const events = await told();
    expect(events.get(3)).toMatchObject({
      symbols: ['AAPL', 'MSFT'],
      completedSymbols: ['AAPL'],
      from: day(0),
      changedRows: 25,
    });
    expect(events.size).toBe(6);
  });

  it('does nothing when nothing is pending', async () => {
    await change({ symbol: 'AAPL', put: history(40) });
    await resample();
    await told();
    expect(await resample()).toEqual({ symbols: 0, changedRows: 0, merged: 0 });
    expect((await told()).size).toBe(0);
  });

  it('merges an appended bar into the last group only', async () => {
    await change({ symbol: 'AAPL', put: history(44) });
    await resample();
    await told();
    const before = await written(3);
    await change({ symbol: 'AAPL', put: [testBar(day(44), 99)] });
    expect(await resample()).toMatchObject({ changedRows: 6, merged: 1 });
    const after = await written(3);
    expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
    const events = await told();
    expect(events.get(3)).toMatchObject({ completedSymbols: ['AAPL'], from: day(42), changedRows: 1 });
    expect(events.get(5)).toMatchObject({ completedSymbols: ['AAPL'] });
    expect(events.get(8)).toMatchObject({ completedSymbols: [] });
  });

  it('is exact for each night of 80, and merges all but the first', async () => {
    for (let night = 0; night < 80; night++) {
      await change(
        { symbol: 'AAPL', put: [testBar(day(night), night * 13)] },
        ...(night > 20 ? [{ symbol: 'MSFT', put: [testBar(day(night), night)] }] : []),
      );
      const { merged } = await resample();
      expect(merged).toBe(night > 20 ? 2 : 1);
      if (night % 10 === 3) await expectSilverIsRight(database.db);
    }
  });

  it('does not merge one bar twice', async () => {
    await change({ symbol: 'AAPL', put: history(4) });
    await resample();
    await change({ symbol: 'AAPL', put: [testBar(day(4), 4)] });
    await resample();
    await told();
    await database.db.query(
      `insert into ops.invalidation (symbol, from_date, reason, change_id) select 'AAPL', '${day(4)}', 'appended', max(id) from ops.change`,
    );
    expect(await resample()).toMatchObject({ changedRows: 0, merged: 0 });
    expect((await told()).size).toBe(0);
  });

  it('finishes the group that was forming', async () => {
    await change({ symbol: 'AAPL', put: history(2) });
    await resample();
    await change({ symbol: 'AAPL', put: [testBar(day(2), 77), testBar(day(3), 78), testBar(day(4), 79)] });
    await resample();
    const rows = await database.db.query('select bar_count from public.silver_3d order by start_date');
    expect(rows).toEqual([{ bar_count: 3 }, { bar_count: 2 }]);
  });

  it('rewrites one group of each interval for a corrected bar', async () => {
    await change({ symbol: 'AAPL', put: history(100) }, { symbol: 'MSFT', put: history(100) });
    await resample();
    await told();
    const before = await written(5);
    await change({ symbol: 'AAPL', put: [{ ...testBar(day(50), 50), high: '999.5', volume: '5.5' }] });
    expect(await resample()).toMatchObject({ changedRows: 6 });
    const after = await written(5);
    expect(after.filter((row, index) => row['xmin'] !== before[index]?.['xmin'])).toHaveLength(1);
    expect((await told()).get(5)).toMatchObject({
      symbols: ['AAPL'],
      completedSymbols: [],
      from: day(50),
      changedRows: 1,
    });
  });

  it('writes nothing for a correction that shows in no group', async () => {
    await change({ symbol: 'AAPL', put: history(34) });
    await resample();
    await told();
    const { open, ...rest } = testBar(day(1), 1);
    await change({ symbol: 'AAPL', put: [{ ...rest, open: `${Number(open) + 0.01}` }] });
    expect(await resample()).toMatchObject({ changedRows: 0 });
    expect((await told()).size).toBe(0);
  });

  it.each([0, 1, 33, 34, 60, 101, 102])(
    'shifts the groups after a bar inserted after day %i',
    async (ordinal) => {
      await change({ symbol: 'AAPL', put: history(103) }, { symbol: 'MSFT', put: history(9) });
      await resample();
      const before = await written(3);
      await change({ symbol: 'AAPL', put: [testBar(dayAfter(ordinal), 500)] });
      await resample();
      const earlier = (rows: Awaited<ReturnType<typeof written>>) =>
        rows.filter((row) => row['symbol'] === 'MSFT' || row['start_date'] < day(ordinal - (ordinal % 3)));
      expect(earlier(await written(3))).toEqual(earlier(before));
    },
  );

  it('shifts everything for a bar before the first', async () => {
    await change({ symbol: 'AAPL', put: history(50) });
    await resample();
    await change({ symbol: 'AAPL', put: [testBar('2023-12-01', 3)] });
    expect((await resample()).changedRows).toBeGreaterThan(6);
  });

  it.each([0, 1, 2, 50, 101, 102])('closes the gap of the deleted day %i', async (ordinal) => {
    await change({ symbol: 'AAPL', put: history(103) });
    await resample();
    await change({ symbol: 'AAPL', remove: [day(ordinal)] });
    await resample();
    await change({ symbol: 'AAPL', put: [testBar(day(103), 7)] });
    await resample();
    await change({ symbol: 'AAPL', put: [testBar(day(104), 8)] });
    expect(await resample()).toMatchObject({ merged: 1 });
  });

  it('removes the silver of a symbol that lost its last bar', async () => {
    await change({ symbol: 'AAPL', put: history(4) });
    await resample();
    await change({ symbol: 'AAPL', remove: history(4).map((bar) => bar.date) });
    await resample();
    expect(await written(3)).toEqual([]);
    await change({ symbol: 'AAPL', put: history(4) });
    await resample();
  });

  it('takes many changes of a symbol at once', async () => {
    await change({ symbol: 'AAPL', put: history(60) });
    await resample();
    await change({ symbol: 'AAPL', put: [testBar(day(60), 1), testBar(day(10), 400)], remove: [day(30)] });
    await change({ symbol: 'AAPL', put: [testBar(dayAfter(20), 5), testBar(day(61), 61)] });
    expect((await resample()).changedRows).toBeGreaterThan(6);
  });

  it('treats 1.5 and 1.50 as the same', async () => {
    await change({ symbol: 'AAPL', put: history(10) });
    await resample();
    const before = await written(3);
    await change({
      symbol: 'AAPL',
      put: history(10).map((bar) => ({
        ...bar,
        open: `${bar.open}00`,
        high: `${bar.high}0`,
        volume: `${bar.volume}.000`,
      })),
    });
    expect(await resample()).toMatchObject({ changedRows: 0 });
    expect(await written(3)).toEqual(before);
  });

  it('keeps symbols apart that differ in case only', async () => {
    await change({ symbol: 'CPS', put: history(20, 1) }, { symbol: 'CpS', put: history(20, 900) });
    await resample();
    await change({ symbol: 'CpS', put: [testBar(dayAfter(3), 1)] });
    expect((await resample()).changedRows).toBeGreaterThan(6);
  });

  it('keeps decimals and volumes that a double would lose', async () => {
    const odd = {
      open: '0.1234567890123456789',
      high: '90071992547409931234.5',
      low: '0.000001',
      close: '1.432032e+06',
      volume: '9007199254740993.123456789012',
    };
    await change({ symbol: 'AAPL', put: [0, 1, 2, 3].map((ordinal) => ({ date: day(ordinal), ...odd })) });
    await resample();
    const [first] = await database.db.query(
      'select open, high, low, close, volume from public.silver_3d order by start_date',
    );
    expect(first).toEqual({
      open: '0.1234567890123456789',
      high: '90071992547409931234.5',
      low: '0.000001',
      close: '1432032',
      volume: '27021597764222979.370370367036',
    });
  });

  it('tells a replay once, with nothing changed, and a change beside it as what it is', async () => {
    await change({ symbol: 'AAPL', put: history(10) }, { symbol: 'MSFT', put: history(10) });
    await resample();
    await told();
    await database.db.query(
      `with asked as (insert into ops.change (event_id, kind, cause, source, correlation_id)
         values (gen_random_uuid(), 'replay', 'replay', 'test', gen_random_uuid()) returning id)
       insert into ops.invalidation (symbol, from_date, through_date, reason, change_id)
       select symbol, '${day(3)}', '${day(3)}', 'replay', id from asked, unnest(array['AAPL', 'MSFT']) as symbol`,
    );
    await change({ symbol: 'MSFT', put: [testBar(day(10), 3)] });
    await resample();
    const events = await database.db.query<{
      detail: { metadata: { cause: string }; data: Told & { interval: number } };
    }>('select detail from ops.outbox order by id');
    const three = events
      .map(({ detail }) => ({ cause: detail.metadata.cause, ...detail.data }))
      .filter((event) => event.interval === 3);
    expect(three).toMatchObject([
      { cause: 'live', symbols: ['MSFT'], changedRows: 1 },
      { cause: 'replay', symbols: ['AAPL', 'MSFT'], changedRows: 0, from: null, completedSymbols: [] },
    ]);
  });
});

it('leaves the other intervals pending when it is asked for some', async () => {
  await change({ symbol: 'AAPL', put: history(20) });
  await resample(['AAPL'], [3, 8]);
  expect(await written(3)).toHaveLength(7);
  expect(await written(5)).toHaveLength(0);
  expect(await database.db.query('select intervals from ops.invalidation')).toEqual([
    { intervals: [5, 13, 21, 34] },
  ]);
  await resample(['AAPL']);
  expect(await silverDifferences(database.db)).toEqual([]);
});
