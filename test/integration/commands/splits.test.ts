import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { AdjustedSeriesError } from '../../../services/fetcher/splits/adjusted-series-error.ts';
import { importSplits } from '../../../services/fetcher/splits/import-splits.ts';
import { removeSplit } from '../../../services/fetcher/splits/remove-split.ts';
import type { Split } from '../../../services/fetcher/splits/split.ts';
import { verify } from '../../../services/resampler/verify.ts';
import { listSplits } from '../../../sql/queries/list-splits.ts';
import { changeBronze } from '../../support/change-bronze.ts';
import { expectSilverIsRight } from '../../support/silver-definition.ts';
import { type CommandBench, day, dayAfter, history, startCommandBench } from './command-bench.ts';

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
afterEach(async () => {
  await bench.resample();
  await expectSilverIsRight(bench.db);
  expect(await bench.pending()).toEqual([]);
  expect(await verify(bench.db)).toMatchObject({ differing: 0, pending: [] });
});

const split = (symbol: string, exDate: string, splitFrom = '1', splitTo = '4'): Split => ({
  symbol,
  exDate,
  splitFrom,
  splitTo,
});
const take = (...splits: Split[]) => importSplits(bench.db, splits, { source: 'test', producer: 'cli' });

test('a split invalidates the days before it, and one BarsRestated tells of it', async () => {
  expect(await take(split('AAPL', day(30)))).toMatchObject({ changed: 1, unchanged: 0, symbols: ['AAPL'] });
  expect(await bench.pending()).toEqual([
    {
      symbol: 'AAPL',
      from_date: '-infinity',
      through_date: dayAfter(29),
      reason: 'split',
      intervals: null,
    },
  ]);
  expect(await bench.told()).toMatchObject([
    {
      type: 'BarsRestated',
      metadata: { cause: 'split' },
      data: { symbols: ['AAPL'], reason: 'split', fromDate: day(0), source: 'test' },
    },
  ]);
  expect((await bench.resample()).changedRows).toBeGreaterThan(0);
});

test('the same splits again write and tell nothing, also by another spelling', async () => {
  await take(split('AAPL', day(30)), split('MSFT', day(10), '3', '2'));
  await bench.resample();
  await bench.told();
  const again = await take(split('AAPL', day(30), '2', '8.0'), split('MSFT', day(10), '3', '2'));
  expect(again).toMatchObject({ changed: 0, unchanged: 2, changeId: null });
  expect(await bench.pending()).toEqual([]);
  expect(await bench.told()).toEqual([]);
});

test('only what changed is invalidated', async () => {
  await take(split('AAPL', day(30)), split('AAPL', day(50), '1', '2'), split('MSFT', day(10)));
  await bench.resample();
  const result = await take(
    split('AAPL', day(30)),
    split('AAPL', day(50), '2', '3'),
    split('MSFT', day(10)),
    split('MSFT', day(15), '10', '1'),
  );
  expect(result).toMatchObject({ changed: 2, unchanged: 2, symbols: ['AAPL', 'MSFT'] });
  expect(await bench.pending()).toMatchObject([
    { symbol: 'AAPL', through_date: dayAfter(49) },
    { symbol: 'MSFT', through_date: dayAfter(14) },
  ]);
});

test('a removed split is undone, and one that is not there changes nothing', async () => {
  await take(split('AAPL', day(30)), split('AAPL', day(50), '1', '7'));
  await bench.resample();
  expect(await removeSplit(bench.db, 'AAPL', day(30))).toMatchObject({ symbols: ['AAPL'] });
  await bench.resample();
  expect(await bench.db.withClient((client) => listSplits(client, 'AAPL'))).toEqual([
    { symbol: 'AAPL', exDate: day(50), splitFrom: '1', splitTo: '7', source: 'test' },
  ]);
  await bench.told();
  expect(await removeSplit(bench.db, 'AAPL', day(30))).toMatchObject({ changeId: null });
  expect(await removeSplit(bench.db, 'aapl', day(50))).toMatchObject({ changeId: null });
  expect(await bench.told()).toEqual([]);
});

test('splits of symbols without bars are stored, and their first bars meet them', async () => {
  expect(await take(split('LATER', day(30)), split('AAPL', day(30)))).toMatchObject({
    changed: 2,
    symbols: ['AAPL'],
    withoutBars: ['LATER'],
  });
  await bench.resample();
  expect(await bench.pending()).toEqual([]);
  await bench.change({ symbol: 'LATER', put: history(40) });
  await bench.resample();
  const [first] = history(1);
  expect(
    await bench.db.query(
      `select volume = $1::numeric * 4 * 3 + (1 + 2) * 4 as adjusted
      from public.silver_3d where symbol = 'LATER' and start_date = $2`,
      [first?.volume, day(0)],
    ),
  ).toEqual([{ adjusted: true }]);
});

test('first bars that come at the same time meet the split, whoever is first', async () => {
  let imported: Promise<unknown> = Promise.resolve();
  await bench.db.transaction(async (client) => {
    await changeBronze(client, [{ symbol: 'RACE', put: history(40) }]);
    imported = take(split('RACE', day(30)));
    await sleep(200);
  });
  await imported;
  expect(await bench.pending()).toContainEqual(
    expect.objectContaining({ symbol: 'RACE', through_date: dayAfter(29), reason: 'split' }),
  );
});

test('symbols whose bars were delivered adjusted are refused by name, and nothing is stored', async () => {
  await bench.db.query(`update ops.symbol set delivered_adjusted = true where symbol = 'MSFT'`);
  const error: unknown = await take(split('AAPL', day(30)), split('MSFT', day(10))).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(AdjustedSeriesError);
  expect((error as AdjustedSeriesError).symbols).toEqual(['MSFT']);
  expect((error as Error).message).toContain('MSFT: the stored bars were delivered adjusted');
  expect(await bench.db.withClient((client) => listSplits(client))).toEqual([]);
});
