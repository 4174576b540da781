/** History of a few symbols: one call a symbol, where those are fewer than one a session. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newYorkInstant } from '../../../services/shared/calendar/new-york.ts';
import { ordinaryMarket } from '../../support/scripted-massive.ts';
import {
  bySymbol,
  customBars,
  from,
  type MassiveBench,
  startMassiveBench,
  to,
  week,
} from './massive-bench.ts';

let bench: MassiveBench;
beforeAll(async () => {
  bench = await startMassiveBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.clear();
  bench.massive.script(bySymbol);
});

test('brings the same bars as one call a session', async () => {
  const symbols = new Set(['AAPL', 'CPS', 'CpS']);
  expect(await bench.run({ symbols })).toMatchObject({
    ingested: 5,
    inserted: 15,
    events: 5,
    failedSymbols: [],
  });
  expect(bench.massive.requests.filter(({ path }) => path.includes('/ticker/'))).toMatchObject(
    [...symbols].map((symbol) => ({
      path: `/v2/aggs/ticker/${symbol}/range/1/day/${from}/${to}`,
      query: { adjusted: 'false', limit: '50000' },
    })),
  );
  const bars = await bench.stored();
  await bench.db.query('truncate ops.trading_day');
  bench.massive.script(ordinaryMarket);
  expect(await bench.run()).toMatchObject({ inserted: 0, corrected: 0, unchanged: 15 });
  expect(await bench.stored()).toEqual(bars);
});

test('needs no call when all is in, and one a session when little is missing', async () => {
  const symbols = new Set(['AAPL', 'CPS']);
  await bench.run({ symbols });
  bench.massive.requests.length = 0;
  expect(await bench.run({ symbols })).toMatchObject({ skipped: 5, ingested: 0 });
  expect(bench.massive.requests.map(({ path }) => path)).toEqual(['/stocks/v1/splits']);
  await bench.db.query(`delete from ops.trading_day where trading_day = '2026-11-18'`);
  bench.massive.requests.length = 0;
  expect(await bench.run({ symbols })).toMatchObject({ skipped: 4, ingested: 1, unchanged: 2 });
  expect(bench.asked()).toEqual(['2026-11-18']);
});

test('a symbol without bars is a failure that is told, and the others go on', async () => {
  const report = await bench.run({ symbols: new Set(['AAPL', 'aapl', 'CPS']) });
  expect(report).toMatchObject({ ingested: 5, inserted: 10, failedSymbols: [{ symbol: 'aapl' }] });
  expect(report.failedSymbols[0]?.error).toContain('/v2/aggs/ticker/aapl/range/1/day/');
  expect(report.failedSymbols[0]?.error).toContain('empty after 3 tries');
  // It was not taken for done: the next run asks for it again.
  bench.massive.requests.length = 0;
  await bench.run({ symbols: new Set(['AAPL', 'aapl', 'CPS']) });
  expect(bench.askedSymbols()).toContain('aapl');
});

test('days on which no symbol has a bar are not made up', async () => {
  bench.massive.script((request) =>
    request.path.startsWith('/v2/aggs/ticker/')
      ? customBars(request, (bars) => bars.slice(2))
      : bySymbol(request),
  );
  expect(await bench.run({ symbols: new Set(['AAPL']) })).toMatchObject({
    ingested: 3,
    inserted: 3,
    events: 3,
  });
});

test('pages are put together', async () => {
  bench.massive.script((request) => {
    if (!request.path.startsWith('/v2/aggs/ticker/')) return ordinaryMarket(request);
    const second = request.query['cursor'] !== undefined;
    const { body } = customBars(request, (bars) => (second ? bars.slice(3) : bars.slice(0, 3))) as {
      body: object;
    };
    return { body: second ? body : { ...body, next_url: `${request.url}&cursor=2` } };
  });
  expect(await bench.run({ symbols: new Set(['AAPL']) })).toMatchObject({ ingested: 5, inserted: 5 });
});

test.each([
  ['of a day that was not asked for', { t: newYorkInstant('2026-11-23', '00:00').getTime() }],
  ['without a time', { t: null }],
  ['with a time that is none', { t: 'today' }],
])('a bar %s makes the answer unusable', async (_name, wrong) => {
  bench.massive.script((request) =>
    request.path.includes('/ticker/CPS/')
      ? customBars(request, (bars) => bars.with(1, { ...bars[1], ...wrong }))
      : bySymbol(request),
  );
  const report = await bench.run({ symbols: new Set(['AAPL', 'CPS']) });
  expect(report).toMatchObject({ inserted: 5, failedSymbols: [{ symbol: 'CPS' }] });
  expect(report.failedSymbols[0]?.error).toContain('bar 2 is of ');
});

test('a refused key ends the run, and nothing is taken in', async () => {
  bench.massive.script((request) =>
    request.path.includes('/ticker/CPS/')
      ? { status: 401, body: { error: 'Unknown API Key' } }
      : bySymbol(request),
  );
  await expect(bench.run({ symbols: new Set(['AAPL', 'CPS']) })).rejects.toThrow('key refused (401');
  expect(await bench.stored()).toEqual([]);
});

test('where the plan publishes later, the range ends a session before', async () => {
  bench.massive.script((request) =>
    request.path.endsWith('/2026-11-20')
      ? { status: 403, body: { message: "Attempted to request today's data before end of day." } }
      : bySymbol(request),
  );
  const symbols = new Set(['AAPL', 'CPS']);
  expect(await bench.run({ symbols, now: '2026-11-20T21:15:00Z' })).toMatchObject({
    inserted: 8,
    notYet: [{ tradingDay: '2026-11-20' }],
    failedSymbols: [],
  });
  expect(bench.askedSymbols()).toEqual(['AAPL', 'AAPL', 'CPS']);
});

test('stopped among the symbols, nothing is taken in, and the run is not complete', async () => {
  const stop = new AbortController();
  const onSymbol = () => stop.abort(new Error('stopped'));
  expect(await bench.run({ symbols: new Set(['AAPL', 'CPS']), signal: stop.signal, onSymbol })).toMatchObject(
    {
      ingested: 0,
      failed: [],
      complete: false,
    },
  );
});

test('with prune, stored bars are found missing also on days that have none left', async () => {
  const symbols = new Set(['AAPL']);
  await bench.run({ symbols });
  bench.massive.script((request) =>
    request.path.startsWith('/v2/aggs/ticker/')
      ? customBars(request, (bars) => bars.slice(1))
      : bySymbol(request),
  );
  expect(await bench.run({ symbols, prune: true })).toMatchObject({ deleted: 1 });
  expect((await bench.stored()).map(({ day }) => day)).toEqual(week.slice(1));
});
