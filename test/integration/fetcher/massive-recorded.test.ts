/** Answers that the API gave, as far as they are there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sessionsBetween } from '../../../services/shared/calendar/sessions.ts';
import { groupedDay, ordinaryMarket } from '../../support/scripted-massive.ts';
import { type MassiveBench, startMassiveBench } from './massive-bench.ts';

let bench: MassiveBench;
beforeAll(async () => {
  bench = await startMassiveBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.clear());

const recorded = join(process.env['FIBBARS_REAL_DATA'] ?? '', 'recorded');
const absent = !process.env['FIBBARS_REAL_DATA'] || !existsSync(recorded);
const why = absent ? ' (skipped: set FIBBARS_REAL_DATA to the folder of recorded data)' : '';

describe.skipIf(absent)(`recorded answers${why}`, () => {
  // They were recorded without adjusted=false.
  const read = (name: string) =>
    readFileSync(join(recorded, name), 'utf8').replace(/"adjusted": ?true/, '"adjusted":false');

  test('a whole day of the market is bars to the last digit', async () => {
    const text = read('polygonio-rb/stocks_grouped_daily.json');
    bench.massive.script((request) => (groupedDay(request) ? { body: text } : ordinaryMarket(request)));
    const day = '2019-02-01';
    expect(await bench.run({ from: day, to: day })).toMatchObject({
      received: 8_374,
      inserted: 8_374,
      quarantined: 0,
    });
    const rows = await bench.db.query<Record<string, string>>(
      'select symbol, open::text, high::text, low::text, close::text, volume::text from raw_ohlcv',
    );
    const written = new Map(
      text.match(/\{"T":[^}]*\}/g)?.map((row) => {
        const value = (name: string) => new RegExp(`"${name}":"?([^",}]+)`).exec(row)?.[1] ?? '';
        return [value('T'), { o: value('o'), h: value('h'), l: value('l'), c: value('c'), v: value('v') }];
      }),
    );
    expect(written.size).toBe(8_374);
    for (const { symbol = '', open, high, low, close, volume } of rows) {
      const { v, ...prices } = written.get(symbol) ?? { v: '' };
      expect({ symbol, o: open, h: high, l: low, c: close }).toEqual({ symbol, ...prices });
      // Whole numbers, so that a double has them all.
      expect(volume).toBe(String(Number(v)));
    }
    expect([...written.keys()]).toEqual(
      expect.arrayContaining(['TRUE', 'NAN', 'ON', 'ALL', 'BRK.A', 'CPS', 'CpS', 'CPK', 'CpK', 'ZVZZT']),
    );
  });

  test('of a whole day each row is a bar, or in quarantine with its reason', async () => {
    const text = read('polygonio-rb/stocks_grouped_daily.json');
    bench.massive.script((request) => (groupedDay(request) ? { body: text } : ordinaryMarket(request)));
    const day = '2019-02-01';
    expect(await bench.run({ from: day, to: day, testTickers: new Set(['ZVZZT']) })).toMatchObject({
      received: 8_374,
      inserted: 8_373,
      quarantined: 1,
    });
    const kept = await bench.db.query<{ symbol: string; reason: string; row: string }>(
      'select symbol, reason, row from ops.quarantine',
    );
    expect(kept).toMatchObject([{ symbol: 'ZVZZT', reason: 'test_ticker' }]);
    expect(text).toContain(kept[0]?.row);
    const [count] = await bench.db.query(
      'select count(*)::int as bars, count(distinct symbol)::int as symbols from raw_ohlcv',
    );
    expect(count).toEqual({ bars: 8_373, symbols: 8_373 });
  });

  test('the bars of one symbol are of their days in New York', async () => {
    bench.massive.script((request) =>
      request.path.includes('/ticker/AAPL/')
        ? { body: read('polygonio-rb/stocks_aggregates.json') }
        : ordinaryMarket(request),
    );
    const range = { from: '2019-01-02', to: '2019-01-31', symbols: new Set(['AAPL']) };
    expect(await bench.run(range)).toMatchObject({ inserted: 21, ingested: 21, missingDays: [] });
    expect((await bench.stored()).map(({ day }) => day)).toEqual(sessionsBetween('2019-01-02', '2019-01-31'));
    expect((await bench.stored())[0]).toMatchObject({ close: '157.92', volume: '37039737' });
  });

  test('splits are taken', async () => {
    bench.massive.script((request) =>
      request.path === '/v3/reference/splits'
        ? { body: read('client-python/v3_reference_splits.json') }
        : request.path === '/stocks/v1/splits'
          ? { status: 404, body: '' }
          : ordinaryMarket(request),
    );
    const report = await bench.run();
    expect(report.splits).toMatchObject({ error: null, refused: [] });
    expect(report.splits.changed).toBe(report.splits.received);
    expect(await bench.storedSplits()).toContainEqual({
      symbol: 'CIG.C',
      ex_date: '2022-05-02',
      split_from: '3',
      split_to: '4',
      source: 'massive',
    });
  });
});
