import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { addInterval } from '../../../services/resampler/add-interval.ts';
import { lockSymbols } from '../../../sql/queries/lock-symbols.ts';
import { testBar } from '../../support/change-bronze.ts';
import { expectSilverIsRight } from '../../support/silver-definition.ts';
import { type CommandBench, day, history, startCommandBench } from './command-bench.ts';

let bench: CommandBench;
beforeAll(async () => {
  bench = await startCommandBench();
});
afterAll(() => bench.drop());
beforeEach(async () => {
  await bench.clear();
  await bench.change({ symbol: 'AAPL', put: history(120) }, { symbol: 'MSFT', put: history(20, 9) });
  await bench.resample();
  await bench.told();
});
afterEach(async () => {
  await bench.resample();
  await expectSilverIsRight(bench.db);
  expect(await bench.pending()).toEqual([]);
  await bench.db.query('drop table public.silver_55d');
  await bench.db.query('delete from ops.interval where days = 55');
});

test('an added interval is filled, and no other table is written', async () => {
  const before = await bench.written(34);
  const { symbols } = await addInterval(bench.db, 55);
  expect(symbols).toEqual(['AAPL', 'MSFT']);
  expect(await bench.pending()).toEqual(
    symbols.map((symbol) => ({
      symbol,
      from_date: '-infinity',
      through_date: null,
      reason: 'rebuild',
      intervals: [55],
    })),
  );
  expect(await bench.resample()).toMatchObject({ symbols: 2, changedRows: 3 + 1 });
  expect(await bench.written(34)).toEqual(before);
  expect((await bench.told()).map(({ type }) => type)).toEqual(['BarsRestated', 'SilverUpdated']);
});

test('nights go on in all intervals', async () => {
  await addInterval(bench.db, 55);
  for (const ordinal of [120, 121, 122]) {
    await bench.change({ symbol: 'AAPL', put: [testBar(day(ordinal), ordinal)] });
    await bench.resample();
    await expectSilverIsRight(bench.db);
  }
});

test('one that is there already changes nothing', async () => {
  await addInterval(bench.db, 55);
  await bench.resample();
  await bench.told();
  expect(await addInterval(bench.db, 55)).toMatchObject({ changeId: null, symbols: [] });
  expect(await addInterval(bench.db, 3)).toMatchObject({ changeId: null, symbols: [] });
  expect(await bench.pending()).toEqual([]);
  expect(await bench.told()).toEqual([]);
});

test('of two that add it at once, one does', async () => {
  const both = await Promise.all([addInterval(bench.db, 55), addInterval(bench.db, 55)]);
  expect(both.filter(({ changeId }) => changeId !== null)).toHaveLength(1);
});

test('it misses no symbol that comes, and would be worked in, while it waits for its turn', async () => {
  const others: Promise<unknown>[] = [];
  await bench.db.transaction(async (client) => {
    await lockSymbols(client, ['AAPL']);
    others.push(addInterval(bench.db, 55));
    await sleep(200);
    others.push(bench.change({ symbol: 'NEW', put: history(60) }).then(() => bench.resample()));
    await sleep(400);
  });
  await Promise.all(others);
  await bench.resample();
  expect(
    await bench.db.query(`select bar_count from public.silver_55d where symbol = 'NEW' order by 1`),
  ).toEqual([{ bar_count: 5 }, { bar_count: 55 }]);
});
