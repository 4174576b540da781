/** History of the whole market: one call a session. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  groupedBody,
  groupedDay,
  type MassiveReply,
  marketOf,
  ordinaryMarket,
} from '../../support/scripted-massive.ts';
import { barsOn, from, type MassiveBench, startMassiveBench, week } from './massive-bench.ts';

let bench: MassiveBench;
beforeAll(async () => {
  bench = await startMassiveBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.clear());

test('takes every session of the range in, unadjusted, and no other day', async () => {
  expect(await bench.run({ from: '2026-11-14', to: '2026-11-22' })).toMatchObject({
    ingested: 5,
    skipped: 0,
    inserted: 15,
    events: 5,
    missingDays: [],
    failed: [],
    notYet: [],
    complete: true,
  });
  expect(bench.asked().sort()).toEqual(week);
  expect(bench.massive.requests.filter(groupedDay).map(({ query }) => query)).toEqual(
    week.map(() => ({ adjusted: 'false' })),
  );
  expect(await bench.db.query('select distinct source, delivered_adjusted from ops.symbol')).toEqual([
    { source: 'massive', delivered_adjusted: false },
  ]);
});

test('goes on where it was cut off: what is in is not asked for again', async () => {
  await bench.run({ to: '2026-11-18' });
  bench.massive.requests.length = 0;
  expect(await bench.run()).toMatchObject({ ingested: 2, skipped: 3, inserted: 6 });
  expect(bench.asked().sort()).toEqual(['2026-11-19', '2026-11-20']);
  bench.massive.requests.length = 0;
  expect(await bench.run()).toMatchObject({ ingested: 0, skipped: 5 });
  expect(bench.asked()).toEqual([]);
});

test('stopped in the middle it leaves whole days, and the next run goes on', async () => {
  const stop = new AbortController();
  const report = await bench.run({
    signal: stop.signal,
    onProgress: ({ done }) => {
      if (done === 2) stop.abort(new Error('stopped'));
    },
  });
  expect(report).toMatchObject({ ingested: 2, failed: [], complete: false });
  expect(await bench.run()).toMatchObject({ ingested: 3, skipped: 2, complete: true });
  expect(await bench.stored()).toHaveLength(15);
});

test('stopped while it waits for the API it ends at once', async () => {
  const stop = new AbortController();
  bench.massive.script((request) => {
    if (groupedDay(request) !== '2026-11-18') return ordinaryMarket(request);
    setTimeout(() => stop.abort(new Error('stopped')), 50);
    return { stalled: '{' };
  });
  expect(await bench.run({ signal: stop.signal })).toMatchObject({
    ingested: 2,
    failed: [],
    complete: false,
  });
});

test('takes no session that has not closed', async () => {
  expect(
    await bench.run({ from: '2026-11-23', to: '2026-12-31', now: '2026-11-24T20:59:00Z' }),
  ).toMatchObject({
    ingested: 1,
    notYet: [],
  });
  expect(bench.asked()).toEqual(['2026-11-23']);
});

test.each<[string, MassiveReply]>([
  ['without results', { body: { status: 'OK', queryCount: 0, resultsCount: 0, adjusted: false } }],
  ['with results null', { body: { status: 'OK', resultsCount: 0, results: null } }],
  ['with no results', { body: { status: 'OK', results: [] } }],
  ['with fewer results than it counts', { body: { status: 'OK', resultsCount: 4, results: marketOf(from) } }],
])('an answer %s is asked for again, and is then taken', async (_name, first) => {
  let times = 0;
  bench.massive.script((request) =>
    groupedDay(request) === '2026-11-18' && times++ < 2 ? first : ordinaryMarket(request),
  );
  expect(await bench.run()).toMatchObject({ ingested: 5, inserted: 15, failed: [] });
  expect(bench.asked().filter((day) => day === '2026-11-18')).toHaveLength(3);
});

test('a session that stays empty is a failure, never "no data", and the others go on', async () => {
  bench.massive.script(barsOn('2026-11-18', { body: { status: 'OK', results: [] } }));
  const report = await bench.run();
  expect(report).toMatchObject({
    ingested: 4,
    failed: [{ tradingDay: '2026-11-18' }],
    notYet: [],
    complete: true,
  });
  expect(report.failed[0]?.error).toContain(
    `${bench.massive.baseUrl}/v2/aggs/grouped/locale/us/market/stocks/2026-11-18?adjusted=false: empty after 3 tries (it has no bars)`,
  );
  bench.massive.script(ordinaryMarket);
  expect(await bench.run()).toMatchObject({ ingested: 1, skipped: 4, failed: [] });
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
  bench.massive.script(barsOn('2026-11-20', reply));
  const report = await bench.run({ now: '2026-11-20T21:15:00Z' });
  expect(report).toMatchObject({
    ingested: 4,
    failed: [],
    notYet: [{ tradingDay: '2026-11-20' }],
    complete: true,
  });
  expect(report.notYet[0]?.reason).toContain('2026-11-20 is not published yet: ');
});

test.each<[string, MassiveReply, string]>([
  ['refused key', { status: 401, body: { error: 'Unknown API Key' } }, 'key refused (401 "Unknown API Key")'],
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
  bench.massive.script((request) => (groupedDay(request) ? reply : ordinaryMarket(request)));
  const report = await bench.run({ from: '2026-06-01' });
  expect(report).toMatchObject({ ingested: 0, complete: false, failed: [{ tradingDay: '2026-06-01' }] });
  expect(report.failed[0]?.error).toContain(words);
  expect(new Set(bench.asked()).size).toBeLessThanOrEqual(3);
  expect(bench.logged.join('')).not.toContain('hush-hush');
});

test('what was taken in before the end is published', async () => {
  let published = 0;
  bench.massive.script(barsOn('2026-11-18', { status: 401, body: '' }));
  const publish = async () => void (published = (await bench.stored()).length);
  expect(await bench.run({ publish })).toMatchObject({ ingested: 2, complete: false });
  expect(published).toBe(6);
});

test('only the symbols asked for are taken, where one call a session is not more', async () => {
  const report = await bench.run({ symbols: new Set(['CpS', 'AAPL', 'X', 'Y', 'Z']) });
  expect(report).toMatchObject({ received: 10, inserted: 10, failedSymbols: [] });
  expect(new Set((await bench.stored()).map(({ symbol }) => symbol))).toEqual(new Set(['AAPL', 'CpS']));
  expect(bench.asked()).toHaveLength(5);
});

test('stored bars that an answer lacks are reported, and deleted with prune', async () => {
  await bench.run();
  bench.massive.script(barsOn('2026-11-18', { body: groupedBody(marketOf('2026-11-18').slice(1)) }));
  await bench.db.query(`update ops.trading_day set fingerprint = 'another'`);
  expect(await bench.run()).toMatchObject({ missing: 1, deleted: 0 });
  bench.massive.requests.length = 0;
  expect(await bench.run({ prune: true })).toMatchObject({ deleted: 1, skipped: 0 });
  expect(bench.asked()).toHaveLength(5);
  bench.massive.requests.length = 0;
  expect(await bench.run({ prune: true })).toMatchObject({ skipped: 5 });
  expect(bench.asked()).toEqual([]);
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
  bench.massive.script(barsOn(from, { body: body(rows) }));
  const request = { to: from, testTickers: new Set(['ZVZZT']) };
  expect(await bench.run(request)).toMatchObject({
    received: 6,
    inserted: 2,
    quarantined: 4,
    quarantinedByReason: { test_ticker: 1, high_below_low: 1, bad_symbol: 1, not_a_number: 1 },
  });
  expect(
    await bench.db.query('select symbol, open::text, close::text, volume::text from raw_ohlcv order by 1'),
  ).toEqual([
    { symbol: 'A', open: '0.100000000000000001', close: '0.15', volume: '1432032' },
    { symbol: 'TRUE', open: '1.10', close: '1.5', volume: '12.3456789' },
  ]);
  const quarantined = () => bench.db.query('select * from ops.quarantine order by position');
  const before = await quarantined();
  bench.massive.script(barsOn(from, { body: body(rows.toReversed()) }));
  await bench.db.query('truncate ops.trading_day');
  expect(await bench.run(request)).toMatchObject({ unchanged: 2, quarantined: 4 });
  expect(await quarantined()).toEqual(before);
});

test('an answer that says it is adjusted is marked so, and does not go into a series that is not', async () => {
  const adjusted = { ...groupedBody(marketOf(from)), adjusted: true };
  bench.massive.script(barsOn(from, { body: adjusted }));
  await bench.run({ to: from });
  expect(bench.logged.join('')).toContain('adjusted for splits, though that was not asked for');
  expect(await bench.db.query('select distinct delivered_adjusted from ops.symbol')).toEqual([
    { delivered_adjusted: true },
  ]);
  await expect(bench.run()).rejects.toThrow('must not be mixed');
});
