/** Splits, which come with history. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { importSplits } from '../../../services/fetcher/splits/import-splits.ts';
import {
  groupedBody,
  groupedDay,
  type MassiveRequest,
  marketOf,
  ordinaryMarket,
} from '../../support/scripted-massive.ts';
import { barsOn, from, type MassiveBench, startMassiveBench } from './massive-bench.ts';

let bench: MassiveBench;
beforeAll(async () => {
  bench = await startMassiveBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.clear());

const splitOf = (ticker: string, execution_date: string, split_from: number, split_to: number) => ({
  id: `${ticker}${execution_date}`,
  ticker,
  execution_date,
  split_from,
  split_to,
  adjustment_type: 'forward_split',
});
const splitsOf =
  (path: string, ...results: object[]) =>
  (request: MassiveRequest) =>
    request.path === path ? { body: { status: 'OK', results } } : ordinaryMarket(request);

describe('splits', () => {
  test('are asked for from the first day to today, and stored before the bars', async () => {
    bench.massive.script(
      splitsOf('/stocks/v1/splits', splitOf('AAPL', '2026-11-18', 1, 4), splitOf('NEW', '2026-11-24', 10, 1)),
    );
    expect(await bench.run()).toMatchObject({
      splits: { received: 2, changed: 2, unchanged: 0, error: null },
    });
    expect(bench.massive.requests[0]).toMatchObject({
      path: '/stocks/v1/splits',
      query: { 'execution_date.gte': from, 'execution_date.lte': '2026-11-24', limit: '5000' },
    });
    expect(await bench.storedSplits()).toEqual([
      { symbol: 'AAPL', ex_date: '2026-11-18', split_from: '1', split_to: '4', source: 'massive' },
      { symbol: 'NEW', ex_date: '2026-11-24', split_from: '10', split_to: '1', source: 'massive' },
    ]);
    expect(await bench.run()).toMatchObject({ splits: { received: 2, changed: 0, unchanged: 2 } });
  });

  test('come from the older address where there is no other', async () => {
    bench.massive.script((request) =>
      request.path === '/stocks/v1/splits'
        ? { status: 404, body: '404 page not found' }
        : splitsOf('/v3/reference/splits', splitOf('AAPL', '2026-11-18', 1, 4))(request),
    );
    expect(await bench.run()).toMatchObject({ splits: { changed: 1, error: null } });
    expect(bench.massive.requests[1]).toMatchObject({
      path: '/v3/reference/splits',
      query: { limit: '1000' },
    });
  });

  test('of other symbols than those asked for are passed over, and so are those of later days', async () => {
    bench.massive.script(
      splitsOf(
        '/stocks/v1/splits',
        splitOf('CPS', '2026-11-18', 1, 4),
        splitOf('CpS', '2026-11-18', 1, 3),
        splitOf('CpS', '2026-12-01', 1, 5),
      ),
    );
    const symbols = new Set(['CpS', 'a', 'b', 'c', 'd']);
    expect(await bench.run({ symbols })).toMatchObject({ splits: { received: 3, changed: 1, upcoming: 1 } });
    expect(await bench.storedSplits()).toMatchObject([{ symbol: 'CpS', split_to: '3' }]);
  });

  test('that somebody stored by hand stay as they are', async () => {
    await importSplits(bench.db, [{ symbol: 'AAPL', exDate: '2026-11-18', splitFrom: '1', splitTo: '7' }], {
      source: 'cli',
      producer: 'cli',
    });
    bench.massive.script(splitsOf('/stocks/v1/splits', splitOf('AAPL', '2026-11-18', 1, 4)));
    expect(await bench.run()).toMatchObject({ splits: { changed: 0, keptAsStored: 1 } });
    expect(await bench.storedSplits()).toMatchObject([{ split_to: '7', source: 'cli' }]);
  });

  test('of a series that was delivered adjusted are passed over', async () => {
    bench.massive.script(barsOn(from, { body: { ...groupedBody(marketOf(from)), adjusted: true } }));
    await bench.run({ to: from });
    bench.massive.script(
      splitsOf('/stocks/v1/splits', splitOf('AAPL', '2026-11-18', 1, 4), splitOf('X', '2026-11-18', 1, 4)),
    );
    expect(await bench.run({ to: from })).toMatchObject({
      splits: { changed: 1, ofAdjustedSeries: 1, error: null },
    });
    expect(await bench.storedSplits()).toMatchObject([{ symbol: 'X' }]);
  });

  test('that cannot be had do not keep the bars out, and are told', async () => {
    bench.massive.script((request) =>
      groupedDay(request) ? ordinaryMarket(request) : { status: 500, body: 'no splits today' },
    );
    const report = await bench.run();
    expect(report).toMatchObject({ ingested: 5, failed: [] });
    expect(report.splits.error).toContain('/stocks/v1/splits');
    expect(report.splits.error).toContain('unavailable after 3 tries (500 "no splits today")');
  });
});
