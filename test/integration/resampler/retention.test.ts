import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importSplits } from '../../../services/fetcher/splits/import-splits.ts';
import { addInterval } from '../../../services/resampler/add-interval.ts';
import { requestRebuild } from '../../../services/resampler/rebuild.ts';
import { fromDays, toDays } from '../../../services/resampler/trading-date.ts';
import { verify } from '../../../services/resampler/verify.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { createRetainedMarket, type DatedBar, type WholeBar } from '../../support/retained-market.ts';
import { expectSilverIsRight } from '../../support/silver-definition.ts';

const intervals = [3, 5, 8, 13, 21, 34];
/** Every other day, so that there are days in between. */
const day = (ordinal: number) => fromDays(toDays('2024-01-01') + 2 * ordinal);
const dayAfter = (ordinal: number) => fromDays(toDays('2024-01-01') + 2 * ordinal + 1);

function barOf(seed: number): WholeBar {
  const low = 10 + ((seed * 37) % 101);
  return {
    low,
    open: low + (seed % 5),
    close: low + (seed % 3),
    high: low + 5 + (seed % 7),
    volume: seed + 1,
  };
}
const night = (symbol: string, ordinal: number): DatedBar => ({
  symbol,
  date: day(ordinal),
  bar: barOf(ordinal),
});
const history = (symbol: string, count: number) =>
  Array.from({ length: count }, (_, ordinal) => night(symbol, ordinal));

let database: TestDatabase;
let market: ReturnType<typeof createRetainedMarket>;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.query(
    `truncate public.raw_ohlcv, ops.symbol, ops.invalidation, ops.change, ops.outbox, ops.run, ops.split, ops.quarantine,
       ops.trading_day, ${intervals.map((days) => `public.silver_${days}d`).join(', ')}`,
  );
  market = createRetainedMarket(database.db);
});
afterEach(async () => {
  await expectSilverIsRight(database.db);
  expect(await verify(database.db)).toMatchObject({ differing: 0, pending: [] });
});

const expectRight = () => market.expectRight();

/** Nothing waits any more, and all is right. */
async function expectSettled(): Promise<void> {
  await market.resample();
  await expectRight();
}

/** Every version of every silver row. */
const written = async () =>
  (
    await Promise.all(
      intervals.map((days) =>
        database.db.query<{ symbol: string; start: string }>(
          `select ${days} as days, symbol, start_date as start, xmin::text, ctid::text from public.silver_${days}d order by 2, 3`,
        ),
      ),
    )
  ).flat();

const openStart = async (symbol: string) =>
  (
    await database.db.query<{ known: boolean }>(
      'select open_start is not null as known from ops.symbol where symbol = $1',
      [symbol],
    )
  )[0]?.known;

describe('a cut', () => {
  beforeEach(async () => {
    await market.put([...history('CPS', 103), ...history('CpS', 50)]);
    await market.resample();
  });

  it.each([0, 1, 2, 3, 33, 34, 35, 68, 84, 100, 102, 103])(
    'before day %i removes the groups that start before it, and writes no other row',
    async (ordinal) => {
      const before = await written();
      const from = ordinal < 103 ? day(ordinal) : dayAfter(102);
      expect(await market.cut(from, ['CPS'])).toMatchObject({
        droppedBars: ordinal,
        droppedSymbols: ordinal > 0 ? 1 : 0,
        complete: true,
      });
      const { changedRows } = await market.resample();
      const kept = before.filter((row) => row.symbol === 'CpS' || row.start >= from);
      expect(await written()).toEqual(kept);
      expect(changedRows).toBe(before.length - kept.length);
      await expectRight();
    },
  );

  it.each([0, 35, 84, 85, 102, 103])(
    'before day %i lets 70 further nights be exact, and merges those that it can',
    async (ordinal) => {
      await market.cut(ordinal < 103 ? day(ordinal) : dayAfter(102), ['CPS']);
      await market.resample();
      // The groups that hold day 102 began on the days 84 (of 21) to 102 (of 34). Where one of them is cut, all are known again
      // when the next has begun, on day 105, and on 136 for those of 34.
      const merged = ordinal <= 84 ? 103 : ordinal <= 102 ? 106 : 137;
      for (let next = 103; next < 173; next++) {
        await market.put([night('CPS', next), night('CpS', next)]);
        expect(await market.resample()).toMatchObject({ symbols: 2, merged: next >= merged ? 2 : 1 });
        if (next % 7 === 0 || next < 110) await expectRight();
      }
      await expectRight();
    },
  );

  it('between two bars is one before the later', async () => {
    await market.cut(dayAfter(40), ['CPS']);
    expect(await market.resample()).toMatchObject({ symbols: 1 });
    await expectRight();
  });

  it('follows an earlier one, and does not go back behind it', async () => {
    for (const [ordinal, droppedBars] of [
      [20, 20],
      [20, 0],
      [7, 0],
      [21, 1],
      [77, 56],
    ] as const) {
      expect(await market.cut(day(ordinal), ['CPS'])).toMatchObject({ droppedBars });
      await expectSettled();
    }
  });

  it('is right when several wait for the resampler at once, with other changes before, between and after', async () => {
    await market.put([{ symbol: 'CPS', date: dayAfter(10), bar: barOf(500) }]);
    await market.put([night('CPS', 103)]);
    await market.cut(day(20));
    await market.put([{ symbol: 'CPS', date: day(60), bar: barOf(501) }]);
    await market.remove('CPS', day(30));
    await market.cut(day(35), ['CPS']);
    await market.put([{ symbol: 'CPS', date: dayAfter(70), bar: barOf(502) }, night('CPS', 104)]);
    await expectSettled();
  });
});

it('the forming group whose start was dropped is no bar until the next group begins', async () => {
  await market.put(history('CPS', 40));
  await market.resample();
  // Of 34 days, group 1 holds the ordinals 34 to 67.
  await market.cut(day(36));
  await market.resample();
  expect(await openStart('CPS')).toBe(false);
  for (let next = 40; next < 70; next++) {
    await market.put([night('CPS', next)]);
    await expectSettled();
    const rows = await database.db.query(`select start_date, bar_count from public.silver_34d`);
    expect(rows).toEqual(next < 68 ? [] : [{ start_date: day(68), bar_count: next - 67 }]);
    expect(await openStart('CPS')).toBe(next >= 68);
  }
});

it.each([1, 34, 50])('a symbol that had %i bars, lost all and trades again, counts on', async (count) => {
  await market.put(history('CPS', count));
  await market.resample();
  await market.cut(day(60), ['CPS']);
  await expectSettled();
  // The first may come late as well.
  await market.put([night('CPS', 65)]);
  await market.resample();
  await market.put([night('CPS', 61)]);
  for (let next = 66; next < 110; next++) {
    await market.put([night('CPS', next)]);
    await expectSettled();
  }
});

describe('after a cut', () => {
  beforeEach(async () => {
    await market.put([...history('CPS', 90), ...history('CpS', 90)]);
    await market.resample();
    await market.cut(day(37));
    await market.resample();
  });

  it.each([37, 38, 39, 60, 88, 89])('a bar deleted on day %i moves the later groups', async (ordinal) => {
    await market.remove('CPS', day(ordinal));
    await expectSettled();
  });

  it('all bars deleted one by one leave a symbol that counts on', async () => {
    for (let ordinal = 37; ordinal < 90; ordinal++) await market.remove('CPS', day(ordinal));
    await expectSettled();
    await market.put([night('CPS', 95), night('CPS', 96)]);
    await expectSettled();
  });

  it.each([37, 38, 60, 89])('a late bar after day %i moves the later groups', async (ordinal) => {
    await market.put([{ symbol: 'CPS', date: dayAfter(ordinal), bar: barOf(700) }]);
    await expectSettled();
  });

  it('a late bar from before the first kept one, but not from before the cut, is the first', async () => {
    await market.remove('CPS', day(37));
    await market.remove('CPS', day(38));
    await market.resample();
    await market.put([{ symbol: 'CPS', date: dayAfter(37), bar: barOf(701) }]);
    await expectSettled();
  });

  it.each([0, 20, 36])('a bar of day %i is refused, whether or not it was there before', async (ordinal) => {
    const before = await written();
    await market.put([
      { symbol: 'CPS', date: day(ordinal), bar: barOf(ordinal) },
      { symbol: 'CpS', date: day(ordinal), bar: barOf(800) },
      { symbol: 'CPS', date: dayAfter(ordinal - 1), bar: barOf(801) },
    ]);
    expect(await market.resample()).toMatchObject({ symbols: 0 });
    expect(await written()).toEqual(before);
    expect(await database.db.query('select distinct reason from ops.quarantine')).toEqual([
      { reason: 'before_retention' },
    ]);
    await expectRight();
  });

  it('a rebuild finds nothing to do', async () => {
    const before = await written();
    await requestRebuild(database.db);
    expect(await market.resample()).toMatchObject({ symbols: 2, changedRows: 0 });
    expect(await written()).toEqual(before);
    await expectRight();
  });
});

describe('with splits', () => {
  const split = async (ordinal: number) => {
    await importSplits(database.db, [{ symbol: 'CPS', exDate: day(ordinal), splitFrom: '1', splitTo: '7' }], {
      source: 'test',
      producer: 'cli',
    });
    return await market.resample();
  };
  beforeEach(async () => {
    await market.put(history('CPS', 90));
    await market.resample();
  });

  it.each([30, 37, 38, 60, 89, 95])(
    'of day %i from before a cut, it removes rows and writes none',
    async (ordinal) => {
      await split(ordinal);
      const before = await written();
      await market.cut(day(37));
      await market.resample();
      expect(await written()).toEqual(before.filter((row) => row.start >= day(37)));
    },
  );

  it.each([
    [20, false],
    [37, false],
    [38, false],
    [40, true],
    [60, true],
    [95, true],
  ])('of day %i that comes after a cut, silver follows where bars are left', async (ordinal, changes) => {
    await market.cut(day(37));
    await market.resample();
    expect((await split(ordinal)).changedRows > 0).toBe(changes);
    await market.put([night('CPS', 90)]);
    await market.resample();
  });
});

describe('an interval that is added after a cut', () => {
  afterEach(async () => {
    await database.db.query('drop table public.silver_55d');
    await database.db.query('delete from ops.interval where days = 55');
  });

  it('starts at its first whole group, and nights go on', async () => {
    await market.put([...history('CPS', 120), ...history('FEW', 40)]);
    await market.resample();
    await market.cut(day(10));
    await market.resample();
    await addInterval(database.db, 55);
    await expectSettled();
    expect(
      await database.db.query('select symbol, start_date, bar_count from public.silver_55d order by 1, 2'),
    ).toEqual([
      { symbol: 'CPS', start_date: day(55), bar_count: 55 },
      { symbol: 'CPS', start_date: day(110), bar_count: 10 },
    ]);
    for (let next = 120; next < 150; next++) {
      await market.put([night('CPS', next), night('FEW', next)]);
      await expectSettled();
    }
  });

  it('is right beside a cut that waits', async () => {
    await market.put(history('CPS', 120));
    await market.resample();
    await market.cut(day(56));
    await addInterval(database.db, 55);
    await market.cut(day(57));
    await expectSettled();
  });
});

it('beside nights, corrections, deletions and resamplers, it loses nothing', async () => {
  const symbols = ['A', 'AAPL', 'CPS', 'CpS'];
  await market.put(symbols.flatMap((symbol) => history(symbol, 60)));
  const lastNight = new AbortController();
  const fetch = async () => {
    for (let next = 60; next < 160; next++) {
      await market.put([
        ...symbols.map((symbol) => night(symbol, next)),
        { symbol: 'CPS', date: day(next - 3), bar: barOf(next * 7) },
      ]);
      if (next % 10 === 0) await market.remove('CpS', day(next - 5));
    }
    lastNight.abort();
  };
  const cut = async () => {
    for (let ordinal = 0; !lastNight.signal.aborted; ordinal = Math.min(ordinal + 1, 52))
      await market.cut(day(ordinal));
  };
  const resample = async () => {
    while (!lastNight.signal.aborted) await market.resample();
  };
  await Promise.all([fetch(), cut(), resample(), resample()]);
  await expectSettled();
});
