/** Whole series of many symbols are read in the order that bronze lies in: here that order is as bad as it gets. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resampleChunk } from '../../../services/resampler/resample-chunk.ts';
import { fromDays, toDays } from '../../../services/resampler/trading-date.ts';
import { changeBronze, testBar } from '../../support/change-bronze.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { expectSilverIsRight } from '../../support/silver-definition.ts';

const intervals = [3, 5, 8, 13, 21, 34];
const firstDay = toDays('2024-01-01');
/** With neighbours that are prefixes of each other, and that differ in case only. */
const symbols = Array.from({ length: 40 }, (_, index) => {
  const name = index.toString(4).padStart(3, '0').replaceAll('0', 'A').replaceAll('1', 'a');
  return index % 7 === 0 ? name.slice(0, 1 + (index % 2)) + index : `S${name}`;
}).toSorted();

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const resample = () =>
  database.db.transaction((client) =>
    resampleChunk(client, { runId: randomUUID(), jobId: null, symbols, intervals }),
  );
const invalidate = () =>
  database.db.query(
    `with change as (
       insert into ops.change (event_id, kind, cause, source, correlation_id)
       values ($1, 'rebuild', 'correction', 'test', $1) returning id
     )
     insert into ops.invalidation (symbol, from_date, reason, change_id)
     select symbol, '-infinity', 'rebuild', change.id from ops.symbol, change`,
    [randomUUID()],
  );

it('is right for bars that lie in no order, of symbols with and without splits and with nothing', async () => {
  await database.db.transaction((client) =>
    changeBronze(
      client,
      symbols.map((symbol, index) => ({
        symbol,
        put: Array.from({ length: index % 9 === 3 ? 0 : 40 + index }, (_, ordinal) =>
          testBar(fromDays(firstDay + ordinal), index + ordinal),
        ),
      })),
    ),
  );
  // Anew in an order of no use, and moved about once more.
  await database.db.query(`
    create temporary table shuffled as select * from public.raw_ohlcv;
    delete from public.raw_ohlcv;
    insert into public.raw_ohlcv select * from shuffled order by md5(symbol || date);
    update public.raw_ohlcv set volume = volume + 1 where md5(symbol || date) < '3';
    insert into ops.split (symbol, ex_date, split_from, split_to, source)
    select symbol, date '2024-01-20', 2, 3, 'test' from ops.symbol where md5(symbol) < '5'`);
  await invalidate();
  expect((await resample()).symbols).toBe(symbols.length);
  await expectSilverIsRight(database.db);
  await invalidate();
  expect((await resample()).changedRows).toBe(0);
});
