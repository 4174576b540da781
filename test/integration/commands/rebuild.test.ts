import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { requestRebuild } from '../../../services/resampler/rebuild.ts';
import { expectSilverIsRight, silverDifferences } from '../../support/silver-definition.ts';
import { type CommandBench, day, history, startCommandBench } from './command-bench.ts';

let bench: CommandBench;
beforeAll(async () => {
  bench = await startCommandBench();
});
afterAll(() => bench.drop());
beforeEach(async () => {
  await bench.clear();
  await bench.change({ symbol: 'AAPL', put: history(70) }, { symbol: 'MSFT', put: history(20, 9) });
  await bench.resample();
  await bench.told();
});

const tables = [3, 5, 8, 13, 21, 34];

test('over silver that is right it writes no row and tells of no new silver', async () => {
  const before = await Promise.all(tables.map((days) => bench.written(days)));
  const { symbols, unknown } = await requestRebuild(bench.db);
  expect({ symbols, unknown }).toEqual({ symbols: ['AAPL', 'MSFT'], unknown: [] });
  expect(await bench.pending()).toEqual(
    symbols.map((symbol) => ({
      symbol,
      from_date: '-infinity',
      through_date: null,
      reason: 'rebuild',
      intervals: null,
    })),
  );
  expect(await bench.resample()).toMatchObject({ symbols: 2, changedRows: 0 });
  expect(await Promise.all(tables.map((days) => bench.written(days)))).toEqual(before);
  expect((await bench.told()).map(({ type }) => type)).toEqual(['BarsRestated']);
});

test('whatever somebody did to silver is put right, and what was right is left', async () => {
  await bench.db.query(
    `update public.silver_3d set close = close + 1 where symbol = 'AAPL' and start_date = $1`,
    [day(30)],
  );
  await bench.db.query(`delete from public.silver_21d where symbol = 'MSFT'`);
  await bench.db.query(
    `insert into public.silver_8d select 'GONE', start_date, end_date, open, high, low, close, volume, bar_count
       from public.silver_8d where symbol = 'AAPL'`,
  );
  expect(await silverDifferences(bench.db)).not.toEqual([]);
  const { symbols } = await requestRebuild(bench.db);
  expect(symbols).toEqual(['AAPL', 'GONE', 'MSFT']);
  expect(await bench.resample()).toMatchObject({ changedRows: 1 + 1 + 9 });
  await expectSilverIsRight(bench.db);
  expect(await bench.wrongStates()).toEqual([]);
});

test('bars that somebody wrote into bronze or took from it by hand are found', async () => {
  await bench.db.query(
    `insert into public.raw_ohlcv (symbol, date, open, high, low, close, volume)
     select 'HAND', date, open, high, low, close, volume from public.raw_ohlcv where symbol = 'AAPL'`,
  );
  await bench.db.query(`delete from public.raw_ohlcv where symbol = 'AAPL' and date in ($1, $2, $3)`, [
    day(0),
    day(40),
    day(69),
  ]);
  await bench.db.query(`delete from public.raw_ohlcv where symbol = 'MSFT'`);
  await requestRebuild(bench.db);
  await bench.resample();
  await expectSilverIsRight(bench.db);
  expect(await bench.wrongStates()).toEqual([]);
  // The state is good enough for a night to go on from.
  await bench.change({ symbol: 'HAND', put: [{ ...history(1)[0]!, date: day(70) }] });
  await bench.resample();
  await expectSilverIsRight(bench.db);
});

test('of the symbols asked for, the unknown ones are named and get no row', async () => {
  const { symbols, unknown } = await requestRebuild(bench.db, ['MSFT', 'msft', 'NONE']);
  expect({ symbols, unknown }).toEqual({ symbols: ['MSFT'], unknown: ['msft', 'NONE'] });
  expect(await bench.db.query('select count(*)::int from ops.symbol')).toEqual([{ count: 2 }]);
  expect(await requestRebuild(bench.db, ['NONE'])).toMatchObject({ changeId: null, eventIds: [] });
});

test('an event names at most 1,000 symbols: more take several, of one correlation', async () => {
  await bench.db.query(
    `insert into ops.symbol (symbol, source) select 'S' || n, 'test' from generate_series(1, 2500) n`,
  );
  const { eventIds, symbols, correlationId } = await requestRebuild(bench.db);
  const events = await bench.told();
  expect(events.map(({ data }) => data.symbols.length)).toEqual([1_000, 1_000, 502]);
  expect(events.flatMap(({ data }) => data.symbols)).toEqual(symbols);
  expect(events.map(({ metadata }) => metadata.id)).toEqual(eventIds);
  expect(new Set(events.map(({ metadata }) => metadata.correlationId))).toEqual(new Set([correlationId]));
  expect(events.map(({ metadata }) => metadata.causationId)).toEqual([null, eventIds[0], eventIds[0]]);
});
