import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deleteBar } from '../../../services/fetcher/delete-bar.ts';
import { importSplits } from '../../../services/fetcher/splits/import-splits.ts';
import { type Explanation, explain, type NoBar } from '../../../services/resampler/explain.ts';
import { requestRebuild } from '../../../services/resampler/rebuild.ts';
import { testBar } from '../../support/change-bronze.ts';
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
});

const ask = (symbol: string, days: number, date: string) =>
  bench.db.withClient((client) => explain(client, { symbol, days, day: date }));

async function explained(symbol: string, days: number, date: string): Promise<Explanation> {
  const found = await ask(symbol, days, date);
  if ('reason' in found) throw new Error(found.reason);
  return found;
}

test('names the group, its ordinals and its daily bars as stored', async () => {
  const found = await explained('AAPL', 8, day(17));
  expect(found).toMatchObject({
    group: 2,
    firstOrdinal: 16,
    lastOrdinal: 23,
    complete: true,
    from: day(16),
    through: day(23),
    silver: { startDate: day(16), endDate: day(23), barCount: 8 },
    quarantined: [],
  });
  expect(found.bars.map((bar) => [bar.ordinal, bar.stored, bar.adjusted])).toEqual(
    history(24)
      .slice(16)
      .map((bar, index) => [16 + index, bar, null]),
  );
});

test('the last group is forming, and a day without a bar in the middle belongs to its group', async () => {
  expect(await explained('AAPL', 8, dayAfter(64))).toMatchObject({
    group: 8,
    complete: false,
    firstOrdinal: 64,
    lastOrdinal: 69,
  });
});

test.for([
  ['before the first bar', 'AAPL', '2023-12-31', 'no bar on or before'],
  ['after the last bar', 'AAPL', dayAfter(69), 'its bars go from'],
  ['between two groups', 'AAPL', dayAfter(7), `ends on ${day(7)}`],
  ['of an unknown symbol', 'aapl', day(1), 'Nothing is stored for "aapl"'],
])('a day %s has no bar, and it says why', async ([, symbol, date, words]) => {
  expect(((await ask(symbol as string, 8, date as string)) as NoBar).reason).toContain(words);
});

test('bars before a split are shown as stored and adjusted, with the factor', async () => {
  await importSplits(bench.db, [{ symbol: 'AAPL', exDate: day(18), splitFrom: '1', splitTo: '4' }], {
    source: 'test',
    producer: 'cli',
  });
  await bench.resample();
  const { bars, silver } = await explained('AAPL', 8, day(17));
  expect(bars.map((bar) => bar.adjusted !== null)).toEqual([true, true, ...Array(6).fill(false)]);
  const [{ stored, adjusted }] = bars as [Explanation['bars'][number]];
  expect(Number(adjusted?.open)).toBe(Number(stored.open) / 4);
  expect(Number(adjusted?.volume)).toBe(Number(stored.volume) * 4);
  expect(adjusted?.factor).toEqual({ numerator: '1', denominator: '4' });
  expect(silver?.open).toBe(adjusted?.open);
});

test('retention keeps the ordinals, and a group whose start it dropped is none', async () => {
  await bench.db.query(`delete from public.raw_ohlcv where symbol = 'AAPL' and date < $1`, [day(10)]);
  await bench.db.query(
    `update ops.symbol set base_ordinal = 10, bar_count = 60, first_date = $1 where symbol = 'AAPL'`,
    [day(10)],
  );
  expect(await explained('AAPL', 8, day(17))).toMatchObject({ group: 2, firstOrdinal: 16, from: day(16) });
  expect(((await ask('AAPL', 8, day(12))) as NoBar).reason).toContain('Retention has dropped');
});

test('changes that touched the bar are named newest first, and others are not', async () => {
  const changeOf = async () =>
    (await bench.db.query<{ id: string }>('select max(id)::text as id from ops.change'))[0]?.id;
  /** A delivery as the fetcher notes it: with its day and counts, and the event that lists its symbols. */
  const deliver = async (ordinal: number, counts: object, symbols: readonly string[]) => {
    await bench.db.query('update ops.change set trading_day = $1, counts = $2 where id = $3', [
      day(ordinal),
      counts,
      await changeOf(),
    ]);
    await bench.db.query(
      `insert into ops.outbox (event_id, source, detail_type, detail)
       select event_id, 'test', 'BarsIngested', $1 from ops.change where id = $2`,
      [{ data: { symbols } }, await changeOf()],
    );
    return await changeOf();
  };
  const inserted = { inserted: 1, deleted: 0 };
  const first = await deliver(18, inserted, ['AAPL', 'MSFT']);
  await bench.change({ symbol: 'AAPL', put: [testBar(day(17), 99)] });
  const corrected = await deliver(17, { inserted: 0, deleted: 0 }, ['AAPL']);
  await bench.change({ symbol: 'AAPL', put: [testBar(day(3), 99)] });
  await deliver(3, { inserted: 0, deleted: 0 }, ['AAPL']);
  await bench.change({ symbol: 'AAPL', put: [testBar(day(40), 99)] });
  await deliver(40, { inserted: 0, deleted: 0 }, ['AAPL']);
  await bench.change({ symbol: 'MSFT', put: [testBar(day(17), 99)] });
  await deliver(17, { inserted: 0, deleted: 0 }, ['MSFT']);
  await bench.resample();
  // It moves the group by a bar: from now on it begins on day 17.
  const { changeId: deleted } = await deleteBar(bench.db, 'AAPL', day(5));
  await bench.resample();
  const { changeId: rebuilt } = await requestRebuild(bench.db, ['AAPL']);
  await requestRebuild(bench.db, ['MSFT']);
  const found = await explained('AAPL', 8, day(17));
  expect(found.changes.map(({ id, kind, pending }) => [id, kind, pending])).toEqual([
    [rebuilt, 'rebuild', true],
    [deleted, 'delete', false],
    [corrected, 'ingest', false],
    [first, 'ingest', false],
  ]);
  expect(found.runs.map((run) => run.changeIds)).toEqual([[deleted], [corrected], [first]]);
});

test('rows in quarantine are shown, of that symbol and those days', async () => {
  await bench.db.query(
    `insert into ops.quarantine (source, trading_day, position, reason, symbol, row) values
       ('test', $1, 7, 'high_below_low', 'AAPL', 'AAPL,1,2'), ('test', $1, 8, 'high_below_low', 'MSFT', 'MSFT,1,2'),
       ('test', $2, 7, 'high_below_low', 'AAPL', 'AAPL,1,2')`,
    [day(17), day(40)],
  );
  expect((await explained('AAPL', 8, day(17))).quarantined).toEqual([
    { source: 'test', tradingDay: day(17), position: 7, reason: 'high_below_low', row: 'AAPL,1,2' },
  ]);
});
