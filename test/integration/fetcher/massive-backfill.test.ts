import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  backfillMassive,
  type MassiveBackfillRequest,
} from '../../../services/fetcher/massive/backfill-massive.ts';
import { createMassiveClient, type Patience } from '../../../services/fetcher/massive/massive-client.ts';
import { importSplits } from '../../../services/fetcher/splits/import-splits.ts';
import { newYorkInstant } from '../../../services/shared/calendar/new-york.ts';
import { sessionsBetween } from '../../../services/shared/calendar/sessions.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import {
  groupedBody,
  groupedDay,
  type MarketBar,
  type MassiveReply,
  type MassiveRequest,
  marketOf,
  ordinaryMarket,
  type ScriptedMassive,
  startScriptedMassive,
} from '../../support/scripted-massive.ts';

const patience: Patience = {
  idleMs: 20_000,
  totalMs: 20_000,
  failed: { tries: 3, baseMs: 1, maxMs: 5 },
  turnedAway: { tries: 3, baseMs: 1, maxMs: 5 },
  longestWaitMs: 5_000,
};
const [from, to] = ['2026-11-16', '2026-11-20'];
const week = sessionsBetween(from, to);

let database: TestDatabase;
let massive: ScriptedMassive;
let logged: string[];
beforeAll(async () => {
  database = await createTestDatabase();
  massive = await startScriptedMassive();
});
afterAll(async () => {
  await massive.close();
  await database.drop();
});
beforeEach(() => {
  massive.requests.length = 0;
  massive.script(ordinaryMarket);
  logged = [];
});
afterEach(async () => {
  await database.db.query(
    'truncate raw_ohlcv, ops.symbol, ops.change, ops.invalidation, ops.outbox, ops.quarantine, ops.trading_day, ops.split',
  );
});

async function run(
  more: Partial<MassiveBackfillRequest> & { now?: string; publish?: () => Promise<unknown> } = {},
) {
  const { now = '2026-11-24T12:00:00Z', publish = () => Promise.resolve(), ...request } = more;
  const logger = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
  const config = { baseUrl: massive.baseUrl, apiKey: 'hush-hush', callsPerMinute: 100_000 };
  return await backfillMassive(
    {
      db: database.db,
      logger,
      publish,
      client: createMassiveClient(config, logger, patience),
      clock: () => new Date(now),
    },
    { from, to, testTickers: new Set(), signal: new AbortController().signal, ...request },
  );
}

const asked = () => massive.requests.map(groupedDay).filter((day) => day !== undefined);
const stored = () =>
  database.db.query<{ symbol: string; day: string; close: string; volume: string }>(
    'select symbol, date::text as day, close::text, volume::text from raw_ohlcv order by date, symbol',
  );
const barsOn = (day: string, reply: MassiveReply) => (request: MassiveRequest) =>
  groupedDay(request) === day ? reply : ordinaryMarket(request);

describe('one call a session', () => {
  test('takes every session of the range in, unadjusted, and no other day', async () => {
    expect(await run({ from: '2026-11-14', to: '2026-11-22' })).toMatchObject({
      ingested: 5,
      skipped: 0,
      inserted: 15,
      events: 5,
      missingDays: [],
      failed: [],
      notYet: [],
      complete: true,
    });
    expect(asked().sort()).toEqual(week);
    expect(massive.requests.filter(groupedDay).map(({ query }) => query)).toEqual(
      week.map(() => ({ adjusted: 'false' })),
    );
    expect(await database.db.query('select distinct source, delivered_adjusted from ops.symbol')).toEqual([
      { source: 'massive', delivered_adjusted: false },
    ]);
  });

  test('goes on where it was cut off: what is in is not asked for again', async () => {
    await run({ to: '2026-11-18' });
    massive.requests.length = 0;
    expect(await run()).toMatchObject({ ingested: 2, skipped: 3, inserted: 6 });
    expect(asked().sort()).toEqual(['2026-11-19', '2026-11-20']);
    massive.requests.length = 0;
    expect(await run()).toMatchObject({ ingested: 0, skipped: 5 });
    expect(asked()).toEqual([]);
  });

  test('stopped in the middle it leaves whole days, and the next run goes on', async () => {
    const stop = new AbortController();
    const report = await run({
      signal: stop.signal,
      onProgress: ({ done }) => {
        if (done === 2) stop.abort(new Error('stopped'));
      },
    });
    expect(report).toMatchObject({ ingested: 2, failed: [], complete: false });
    expect(await run()).toMatchObject({ ingested: 3, skipped: 2, complete: true });
    expect(await stored()).toHaveLength(15);
  });

  test('stopped while it waits for the API it ends at once', async () => {
    const stop = new AbortController();
    massive.script((request) => {
      if (groupedDay(request) !== '2026-11-18') return ordinaryMarket(request);
      setTimeout(() => stop.abort(new Error('stopped')), 50);
      return { stalled: '{' };
    });
    expect(await run({ signal: stop.signal })).toMatchObject({ ingested: 2, failed: [], complete: false });
  });

  test('takes no session that has not closed', async () => {
    expect(await run({ from: '2026-11-23', to: '2026-12-31', now: '2026-11-24T20:59:00Z' })).toMatchObject({
      ingested: 1,
      notYet: [],
    });
    expect(asked()).toEqual(['2026-11-23']);
  });

  test.each<[string, MassiveReply]>([
    ['without results', { body: { status: 'OK', queryCount: 0, resultsCount: 0, adjusted: false } }],
    ['with results null', { body: { status: 'OK', resultsCount: 0, results: null } }],
    ['with no results', { body: { status: 'OK', results: [] } }],
    [
      'with fewer results than it counts',
      { body: { status: 'OK', resultsCount: 4, results: marketOf(from) } },
    ],
  ])('an answer %s is asked for again, and is then taken', async (_name, first) => {
    let times = 0;
    massive.script((request) =>
      groupedDay(request) === '2026-11-18' && times++ < 2 ? first : ordinaryMarket(request),
    );
    expect(await run()).toMatchObject({ ingested: 5, inserted: 15, failed: [] });
    expect(asked().filter((day) => day === '2026-11-18')).toHaveLength(3);
  });

  test('a session that stays empty is a failure, never "no data", and the others go on', async () => {
    massive.script(barsOn('2026-11-18', { body: { status: 'OK', results: [] } }));
    const report = await run();
    expect(report).toMatchObject({
      ingested: 4,
      failed: [{ tradingDay: '2026-11-18' }],
      notYet: [],
      complete: true,
    });
    expect(report.failed[0]?.error).toContain(
      `${massive.baseUrl}/v2/aggs/grouped/locale/us/market/stocks/2026-11-18?adjusted=false: empty after 3 tries (it has no bars)`,
    );
    massive.script(ordinaryMarket);
    expect(await run()).toMatchObject({ ingested: 1, skipped: 4, failed: [] });
  });

  test.each<[string, MassiveReply]>([
    [
      'too early for the plan',
      { status: 403, body: { message: "Attempted to request today's data before end of day." } },
    ],
    [
      'outside of what the plan has',
      { status: 403, body: { message: "Your plan doesn't include this data timeframe." } },
    ],
    ['empty', { body: { status: 'OK', results: [] } }],
  ])('the newest session, when it is %s, is not published yet', async (_name, reply) => {
    massive.script(barsOn('2026-11-20', reply));
    const report = await run({ now: '2026-11-20T21:15:00Z' });
    expect(report).toMatchObject({
      ingested: 4,
      failed: [],
      notYet: [{ tradingDay: '2026-11-20' }],
      complete: true,
    });
    expect(report.notYet[0]?.reason).toContain('2026-11-20 is not published yet: ');
  });

  test.each<[string, MassiveReply, string]>([
    [
      'refused key',
      { status: 401, body: { error: 'Unknown API Key' } },
      'key refused (401 "Unknown API Key")',
    ],
    ['plan', { status: 403, body: { message: 'You are not entitled to this data.' } }, 'not entitled (403'],
    [
      'day before the plan begins',
      { status: 403, body: { message: "plan doesn't include this data timeframe" } },
      'too old (403',
    ],
    [
      'rate',
      { status: 429, body: { error: 'maximum requests per minute' } },
      'too many calls after 3 tries (429',
    ],
  ])('a %s ends the run at its first day', async (_name, reply, words) => {
    massive.script((request) => (groupedDay(request) ? reply : ordinaryMarket(request)));
    const report = await run({ from: '2026-06-01' });
    expect(report).toMatchObject({ ingested: 0, complete: false, failed: [{ tradingDay: '2026-06-01' }] });
    expect(report.failed[0]?.error).toContain(words);
    expect(new Set(asked()).size).toBeLessThanOrEqual(3);
    expect(logged.join('')).not.toContain('hush-hush');
  });

  test('what was taken in before the end is published', async () => {
    let published = 0;
    massive.script(barsOn('2026-11-18', { status: 401, body: '' }));
    const publish = async () => void (published = (await stored()).length);
    expect(await run({ publish })).toMatchObject({ ingested: 2, complete: false });
    expect(published).toBe(6);
  });

  test('only the symbols asked for are taken, where one call a session is not more', async () => {
    const report = await run({ symbols: new Set(['CpS', 'AAPL', 'X', 'Y', 'Z']) });
    expect(report).toMatchObject({ received: 10, inserted: 10, failedSymbols: [] });
    expect(new Set((await stored()).map(({ symbol }) => symbol))).toEqual(new Set(['AAPL', 'CpS']));
    expect(asked()).toHaveLength(5);
  });

  test('stored bars that an answer lacks are reported, and deleted with prune', async () => {
    await run();
    massive.script(barsOn('2026-11-18', { body: groupedBody(marketOf('2026-11-18').slice(1)) }));
    await database.db.query(`update ops.trading_day set fingerprint = 'another'`);
    expect(await run()).toMatchObject({ missing: 1, deleted: 0 });
    massive.requests.length = 0;
    expect(await run({ prune: true })).toMatchObject({ deleted: 1, skipped: 0 });
    expect(asked()).toHaveLength(5);
    massive.requests.length = 0;
    expect(await run({ prune: true })).toMatchObject({ skipped: 5 });
    expect(asked()).toEqual([]);
  });

  test('values are stored as they were written, and bad rows are in quarantine once', async () => {
    const rows = [
      '{"T":"A","o":0.100000000000000001,"h":0.2,"l":0.1,"c":0.15,"v":1.432032e+06,"t":1}',
      '{"T":"TRUE","o":1.10,"h":2,"l":1,"c":1.5,"v":12.3456789}',
      '{"T":"ZVZZT","o":1,"h":2,"l":1,"c":1.5,"v":1}',
      '{"T":"BAD","o":1,"h":0.5,"l":1,"c":1.5,"v":1}',
      '{"T":"\\u0000HTLB^","o":1,"h":2,"l":1,"c":1.5,"v":1}',
      '{"T":"NOHIGH","o":1,"l":1,"c":1.5,"v":1}',
    ];
    const body = (some: readonly string[]) => `{"status":"DELAYED","results":[${some.join(',')}]}`;
    massive.script(barsOn(from, { body: body(rows) }));
    const request = { to: from, testTickers: new Set(['ZVZZT']) };
    expect(await run(request)).toMatchObject({
      received: 6,
      inserted: 2,
      quarantined: 4,
      quarantinedByReason: { test_ticker: 1, high_below_low: 1, bad_symbol: 1, not_a_number: 1 },
    });
    expect(
      await database.db.query(
        'select symbol, open::text, close::text, volume::text from raw_ohlcv order by 1',
      ),
    ).toEqual([
      { symbol: 'A', open: '0.100000000000000001', close: '0.15', volume: '1432032' },
      { symbol: 'TRUE', open: '1.10', close: '1.5', volume: '12.3456789' },
    ]);
    const quarantined = () => database.db.query('select * from ops.quarantine order by position');
    const before = await quarantined();
    massive.script(barsOn(from, { body: body(rows.toReversed()) }));
    await database.db.query('truncate ops.trading_day');
    expect(await run(request)).toMatchObject({ unchanged: 2, quarantined: 4 });
    expect(await quarantined()).toEqual(before);
  });

  test('an answer that says it is adjusted is marked so, and does not go into a series that is not', async () => {
    const adjusted = { ...groupedBody(marketOf(from)), adjusted: true };
    massive.script(barsOn(from, { body: adjusted }));
    await run({ to: from });
    expect(logged.join('')).toContain('adjusted for splits, though that was not asked for');
    expect(await database.db.query('select distinct delivered_adjusted from ops.symbol')).toEqual([
      { delivered_adjusted: true },
    ]);
    await expect(run()).rejects.toThrow('must not be mixed');
  });
});

/** Custom bars of the range asked for, as the API writes them: no T, the day's start as t. */
function customBars(
  { path }: MassiveRequest,
  change: (bars: object[]) => object[] = (bars) => bars,
): MassiveReply {
  const [, symbol = '', first = '', last = ''] =
    /^\/v2\/aggs\/ticker\/([^/]+)\/range\/1\/day\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const bars = sessionsBetween(first, last).flatMap((day) =>
    marketOf(day)
      .filter(({ T }) => T === decodeURIComponent(symbol))
      .map((bar: Partial<MarketBar>) => ({
        ...bar,
        T: undefined,
        t: newYorkInstant(day, '00:00').getTime(),
      })),
  );
  return { body: { ticker: symbol, ...groupedBody(change(bars)) } };
}

const bySymbol = (request: MassiveRequest): MassiveReply =>
  request.path.startsWith('/v2/aggs/ticker/') ? customBars(request) : ordinaryMarket(request);
const askedSymbols = () =>
  massive.requests.map(({ path }) => /^\/v2\/aggs\/ticker\/([^/]+)/.exec(path)?.[1]).filter(Boolean);

describe('one call a symbol, where those are fewer', () => {
  beforeEach(() => massive.script(bySymbol));

  test('brings the same bars as one call a session', async () => {
    const symbols = new Set(['AAPL', 'CPS', 'CpS']);
    expect(await run({ symbols })).toMatchObject({ ingested: 5, inserted: 15, events: 5, failedSymbols: [] });
    expect(massive.requests.filter(({ path }) => path.includes('/ticker/'))).toMatchObject(
      [...symbols].map((symbol) => ({
        path: `/v2/aggs/ticker/${symbol}/range/1/day/${from}/${to}`,
        query: { adjusted: 'false', limit: '50000' },
      })),
    );
    const bars = await stored();
    await database.db.query('truncate ops.trading_day');
    massive.script(ordinaryMarket);
    expect(await run()).toMatchObject({ inserted: 0, corrected: 0, unchanged: 15 });
    expect(await stored()).toEqual(bars);
  });

  test('needs no call when all is in, and one a session when little is missing', async () => {
    const symbols = new Set(['AAPL', 'CPS']);
    await run({ symbols });
    massive.requests.length = 0;
    expect(await run({ symbols })).toMatchObject({ skipped: 5, ingested: 0 });
    expect(massive.requests.map(({ path }) => path)).toEqual(['/stocks/v1/splits']);
    await database.db.query(`delete from ops.trading_day where trading_day = '2026-11-18'`);
    massive.requests.length = 0;
    expect(await run({ symbols })).toMatchObject({ skipped: 4, ingested: 1, unchanged: 2 });
    expect(asked()).toEqual(['2026-11-18']);
  });

  test('a symbol without bars is a failure that is told, and the others go on', async () => {
    const report = await run({ symbols: new Set(['AAPL', 'aapl', 'CPS']) });
    expect(report).toMatchObject({ ingested: 5, inserted: 10, failedSymbols: [{ symbol: 'aapl' }] });
    expect(report.failedSymbols[0]?.error).toContain('/v2/aggs/ticker/aapl/range/1/day/');
    expect(report.failedSymbols[0]?.error).toContain('empty after 3 tries');
    // It was not taken for done: the next run asks for it again.
    massive.requests.length = 0;
    await run({ symbols: new Set(['AAPL', 'aapl', 'CPS']) });
    expect(askedSymbols()).toContain('aapl');
  });

  test('days on which no symbol has a bar are not made up', async () => {
    massive.script((request) =>
      request.path.startsWith('/v2/aggs/ticker/')
        ? customBars(request, (bars) => bars.slice(2))
        : bySymbol(request),
    );
    expect(await run({ symbols: new Set(['AAPL']) })).toMatchObject({ ingested: 3, inserted: 3, events: 3 });
  });

  test('pages are put together', async () => {
    massive.script((request) => {
      if (!request.path.startsWith('/v2/aggs/ticker/')) return ordinaryMarket(request);
      const second = request.query['cursor'] !== undefined;
      const { body } = customBars(request, (bars) => (second ? bars.slice(3) : bars.slice(0, 3))) as {
        body: object;
      };
      return { body: second ? body : { ...body, next_url: `${request.url}&cursor=2` } };
    });
    expect(await run({ symbols: new Set(['AAPL']) })).toMatchObject({ ingested: 5, inserted: 5 });
  });

  test.each([
    ['of a day that was not asked for', { t: newYorkInstant('2026-11-23', '00:00').getTime() }],
    ['without a time', { t: null }],
    ['with a time that is none', { t: 'today' }],
  ])('a bar %s makes the answer unusable', async (_name, wrong) => {
    massive.script((request) =>
      request.path.includes('/ticker/CPS/')
        ? customBars(request, (bars) => bars.with(1, { ...bars[1], ...wrong }))
        : bySymbol(request),
    );
    const report = await run({ symbols: new Set(['AAPL', 'CPS']) });
    expect(report).toMatchObject({ inserted: 5, failedSymbols: [{ symbol: 'CPS' }] });
    expect(report.failedSymbols[0]?.error).toContain('bar 2 is of ');
  });

  test('a refused key ends the run, and nothing is taken in', async () => {
    massive.script((request) =>
      request.path.includes('/ticker/CPS/')
        ? { status: 401, body: { error: 'Unknown API Key' } }
        : bySymbol(request),
    );
    await expect(run({ symbols: new Set(['AAPL', 'CPS']) })).rejects.toThrow('key refused (401');
    expect(await stored()).toEqual([]);
  });

  test('where the plan publishes later, the range ends a session before', async () => {
    massive.script((request) =>
      request.path.endsWith('/2026-11-20')
        ? { status: 403, body: { message: "Attempted to request today's data before end of day." } }
        : bySymbol(request),
    );
    const symbols = new Set(['AAPL', 'CPS']);
    expect(await run({ symbols, now: '2026-11-20T21:15:00Z' })).toMatchObject({
      inserted: 8,
      notYet: [{ tradingDay: '2026-11-20' }],
      failedSymbols: [],
    });
    expect(askedSymbols()).toEqual(['AAPL', 'AAPL', 'CPS']);
  });

  test('stopped among the symbols, nothing is taken in, and the run is not complete', async () => {
    const stop = new AbortController();
    const onSymbol = () => stop.abort(new Error('stopped'));
    expect(await run({ symbols: new Set(['AAPL', 'CPS']), signal: stop.signal, onSymbol })).toMatchObject({
      ingested: 0,
      failed: [],
      complete: false,
    });
  });

  test('with prune, stored bars are found missing also on days that have none left', async () => {
    const symbols = new Set(['AAPL']);
    await run({ symbols });
    massive.script((request) =>
      request.path.startsWith('/v2/aggs/ticker/')
        ? customBars(request, (bars) => bars.slice(1))
        : bySymbol(request),
    );
    expect(await run({ symbols, prune: true })).toMatchObject({ deleted: 1 });
    expect((await stored()).map(({ day }) => day)).toEqual(week.slice(1));
  });
});

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
const storedSplits = () =>
  database.db.query(
    'select symbol, ex_date::text, split_from::text, split_to::text, source from ops.split order by 1, 2',
  );

describe('splits', () => {
  test('are asked for from the first day to today, and stored before the bars', async () => {
    massive.script(
      splitsOf('/stocks/v1/splits', splitOf('AAPL', '2026-11-18', 1, 4), splitOf('NEW', '2026-11-24', 10, 1)),
    );
    expect(await run()).toMatchObject({ splits: { received: 2, changed: 2, unchanged: 0, error: null } });
    expect(massive.requests[0]).toMatchObject({
      path: '/stocks/v1/splits',
      query: { 'execution_date.gte': from, 'execution_date.lte': '2026-11-24', limit: '5000' },
    });
    expect(await storedSplits()).toEqual([
      { symbol: 'AAPL', ex_date: '2026-11-18', split_from: '1', split_to: '4', source: 'massive' },
      { symbol: 'NEW', ex_date: '2026-11-24', split_from: '10', split_to: '1', source: 'massive' },
    ]);
    expect(await run()).toMatchObject({ splits: { received: 2, changed: 0, unchanged: 2 } });
  });

  test('come from the older address where there is no other', async () => {
    massive.script((request) =>
      request.path === '/stocks/v1/splits'
        ? { status: 404, body: '404 page not found' }
        : splitsOf('/v3/reference/splits', splitOf('AAPL', '2026-11-18', 1, 4))(request),
    );
    expect(await run()).toMatchObject({ splits: { changed: 1, error: null } });
    expect(massive.requests[1]).toMatchObject({ path: '/v3/reference/splits', query: { limit: '1000' } });
  });

  test('of other symbols than those asked for are passed over, and so are those of later days', async () => {
    massive.script(
      splitsOf(
        '/stocks/v1/splits',
        splitOf('CPS', '2026-11-18', 1, 4),
        splitOf('CpS', '2026-11-18', 1, 3),
        splitOf('CpS', '2026-12-01', 1, 5),
      ),
    );
    const symbols = new Set(['CpS', 'a', 'b', 'c', 'd']);
    expect(await run({ symbols })).toMatchObject({ splits: { received: 3, changed: 1, upcoming: 1 } });
    expect(await storedSplits()).toMatchObject([{ symbol: 'CpS', split_to: '3' }]);
  });

  test('that somebody stored by hand stay as they are', async () => {
    await importSplits(
      database.db,
      [{ symbol: 'AAPL', exDate: '2026-11-18', splitFrom: '1', splitTo: '7' }],
      { source: 'cli', producer: 'cli' },
    );
    massive.script(splitsOf('/stocks/v1/splits', splitOf('AAPL', '2026-11-18', 1, 4)));
    expect(await run()).toMatchObject({ splits: { changed: 0, keptAsStored: 1 } });
    expect(await storedSplits()).toMatchObject([{ split_to: '7', source: 'cli' }]);
  });

  test('of a series that was delivered adjusted are passed over', async () => {
    massive.script(barsOn(from, { body: { ...groupedBody(marketOf(from)), adjusted: true } }));
    await run({ to: from });
    massive.script(
      splitsOf('/stocks/v1/splits', splitOf('AAPL', '2026-11-18', 1, 4), splitOf('X', '2026-11-18', 1, 4)),
    );
    expect(await run({ to: from })).toMatchObject({
      splits: { changed: 1, ofAdjustedSeries: 1, error: null },
    });
    expect(await storedSplits()).toMatchObject([{ symbol: 'X' }]);
  });

  test('that cannot be had do not keep the bars out, and are told', async () => {
    massive.script((request) =>
      groupedDay(request) ? ordinaryMarket(request) : { status: 500, body: 'no splits today' },
    );
    const report = await run();
    expect(report).toMatchObject({ ingested: 5, failed: [] });
    expect(report.splits.error).toContain('/stocks/v1/splits');
    expect(report.splits.error).toContain('unavailable after 3 tries (500 "no splits today")');
  });
});

const recorded = join(process.env['FIBBARS_REAL_DATA'] ?? '', 'recorded');
const absent = !process.env['FIBBARS_REAL_DATA'] || !existsSync(recorded);
const why = absent ? ' (skipped: set FIBBARS_REAL_DATA to the folder of recorded data)' : '';

describe.skipIf(absent)(`recorded answers${why}`, () => {
  // They were recorded without adjusted=false.
  const read = (name: string) =>
    readFileSync(join(recorded, name), 'utf8').replace(/"adjusted": ?true/, '"adjusted":false');

  test('a whole day of the market is bars to the last digit', async () => {
    const text = read('polygonio-rb/stocks_grouped_daily.json');
    massive.script((request) => (groupedDay(request) ? { body: text } : ordinaryMarket(request)));
    const day = '2019-02-01';
    expect(await run({ from: day, to: day })).toMatchObject({
      received: 8_374,
      inserted: 8_374,
      quarantined: 0,
    });
    const rows = await database.db.query<Record<string, string>>(
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

  test('the bars of one symbol are of their days in New York', async () => {
    massive.script((request) =>
      request.path.includes('/ticker/AAPL/')
        ? { body: read('polygonio-rb/stocks_aggregates.json') }
        : ordinaryMarket(request),
    );
    const range = { from: '2019-01-02', to: '2019-01-31', symbols: new Set(['AAPL']) };
    expect(await run(range)).toMatchObject({ inserted: 21, ingested: 21, missingDays: [] });
    expect((await stored()).map(({ day }) => day)).toEqual(sessionsBetween('2019-01-02', '2019-01-31'));
    expect((await stored())[0]).toMatchObject({ close: '157.92', volume: '37039737' });
  });

  test('splits are taken', async () => {
    massive.script((request) =>
      request.path === '/v3/reference/splits'
        ? { body: read('client-python/v3_reference_splits.json') }
        : request.path === '/stocks/v1/splits'
          ? { status: 404, body: '' }
          : ordinaryMarket(request),
    );
    const report = await run();
    expect(report.splits).toMatchObject({ error: null, refused: [] });
    expect(report.splits.changed).toBe(report.splits.received);
    expect(await storedSplits()).toContainEqual({
      symbol: 'CIG.C',
      ex_date: '2022-05-02',
      split_from: '3',
      split_to: '4',
      source: 'massive',
    });
  });
});
