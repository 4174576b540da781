import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { resampleChunk } from '../../../services/resampler/resample-chunk.ts';
import { fromDays, toDays } from '../../../services/resampler/trading-date.ts';
import { verify } from '../../../services/resampler/verify.ts';
import { changeBronze, testBar } from '../../support/change-bronze.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { expectSilverIsRight } from '../../support/silver-definition.ts';

const intervals = [3, 5, 8, 13, 21, 34];
const day = (ordinal: number) => fromDays(toDays('2024-01-01') + ordinal);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.transaction((client) =>
    changeBronze(client, [
      { symbol: 'AAPL', put: Array.from({ length: 60 }, (_, ordinal) => testBar(day(ordinal), ordinal)) },
      { symbol: 'MSFT', put: Array.from({ length: 60 }, (_, ordinal) => testBar(day(ordinal), ordinal)) },
    ]),
  );
  await resample();
});
afterAll(() => database.drop());
afterEach(async () => {
  await expectSilverIsRight(database.db);
  expect(await verify(database.db)).toMatchObject({ differing: 0, pending: [] });
});

async function resample() {
  return await database.db.transaction((client) =>
    resampleChunk(client, { runId: randomUUID(), jobId: null, symbols: ['AAPL', 'MSFT'], intervals }),
  );
}

/** As who imports splits does it: the split, and the invalidation of all days before it. */
async function split(exDate: string, ratio: [from: string, to: string] | null) {
  await database.db.transaction(async (client) => {
    await client.query(`select from ops.symbol where symbol = 'AAPL' for update`);
    await client.query(`delete from ops.split where symbol = 'AAPL' and ex_date = $1`, [exDate]);
    if (ratio) {
      await client.query(`insert into ops.split values ('AAPL', $1, $2, $3, 'test')`, [exDate, ...ratio]);
    }
    await client.query(
      `with change as (insert into ops.change (event_id, kind, cause, source, correlation_id)
         values ($1, 'split', 'split', 'test', $1) returning id)
       insert into ops.invalidation (symbol, from_date, through_date, reason, change_id)
       select 'AAPL', '-infinity', $2::date - 1, 'split', id from change`,
      [randomUUID(), exDate],
    );
  });
  return await resample();
}

const first = async () =>
  (
    await database.db.query(
      `select open, volume from public.silver_3d where symbol = 'AAPL' order by start_date limit 1`,
    )
  )[0];

it('adjusts the bars before a split, prices and volume inversely, and no later group', async () => {
  const before = await database.db.query(
    `select xmin, start_date from public.silver_3d where symbol = 'AAPL' and start_date >= '${day(31)}'`,
  );
  await split(day(31), ['1', '7']);
  expect(await first()).toEqual({ open: '1.64285714', volume: '21021' });
  const after = await database.db.query(
    `select xmin, start_date from public.silver_3d where symbol = 'AAPL' and start_date >= '${day(31)}'`,
  );
  expect(after).toEqual(before);
});

it('multiplies a second split, and a reverse one', async () => {
  await split(day(45), ['1', '4']);
  await split(day(50), ['10', '1']);
  expect(await first()).toEqual({ open: '4.10714286', volume: '8408.4' });
});

it('merges and inserts bars beside splits', async () => {
  await database.db.transaction((client) =>
    changeBronze(client, [{ symbol: 'AAPL', put: [testBar(day(60), 3)] }]),
  );
  await resample();
  await database.db.transaction((client) =>
    changeBronze(client, [{ symbol: 'AAPL', put: [testBar(day(40), 777)], remove: [day(5)] }]),
  );
  await resample();
  await database.db.transaction((client) =>
    changeBronze(client, [{ symbol: 'AAPL', put: [testBar(day(-3), 7)] }]),
  );
  expect((await resample()).changedRows).toBeGreaterThan(0);
});

it('corrects a split, and removes one', async () => {
  await split(day(31), ['2', '15']);
  expect((await split(day(45), null)).changedRows).toBeGreaterThan(0);
});

it('adjusts the newest bars for a split that is still to come', async () => {
  await split(day(70), ['1', '3']);
  await database.db.transaction((client) =>
    changeBronze(client, [{ symbol: 'AAPL', put: [testBar(day(61), 9)] }]),
  );
  expect(await resample()).toMatchObject({ merged: 0 });
  await database.db.transaction((client) =>
    changeBronze(client, [{ symbol: 'AAPL', put: [testBar(day(70), 9), testBar(day(71), 10)] }]),
  );
  await resample();
});

it('leaves a series alone that is delivered adjusted', async () => {
  await database.db.query(`update ops.symbol set delivered_adjusted = true where symbol = 'AAPL'`);
  await split(day(200), ['1', '2']);
  expect(await first()).toEqual({ open: '18.5', volume: '3008' });
});
