import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createMassiveClient, type Patience } from '../../../services/fetcher/massive/massive-client.ts';
import { type NightlyRequest, runNightly } from '../../../services/fetcher/nightly/run-nightly.ts';
import { sessionsBetween } from '../../../services/shared/calendar/sessions.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import {
  groupedBody,
  groupedDay,
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
  failed: { tries: 2, baseMs: 1, maxMs: 5 },
  turnedAway: { tries: 2, baseMs: 1, maxMs: 5 },
  longestWaitMs: 5_000,
};
/** A Tuesday; Thanksgiving is the 26th. */
const tuesday = '2026-11-24T21:15:00Z';

let database: TestDatabase;
let massive: ScriptedMassive;
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
});
afterEach(async () => {
  await database.db.query(
    'truncate raw_ohlcv, ops.symbol, ops.change, ops.invalidation, ops.outbox, ops.quarantine, ops.trading_day, ops.split',
  );
});

async function night(now: string, more: Partial<NightlyRequest> = {}) {
  massive.requests.length = 0;
  const logger = pino({ level: 'silent' });
  const config = { baseUrl: massive.baseUrl, apiKey: 'hush-hush', callsPerMinute: 100_000 };
  return await runNightly(
    {
      db: database.db,
      logger,
      publish: () => Promise.resolve(),
      client: createMassiveClient(config, logger, patience),
      clock: () => new Date(now),
    },
    { lookbackDays: 300, testTickers: new Set(), signal: new AbortController().signal, ...more },
  );
}

const asked = () => massive.requests.map(groupedDay).filter((day) => day !== undefined);
const barsOn = (days: readonly string[], reply: MassiveReply) => (request: MassiveRequest) =>
  days.includes(groupedDay(request) ?? '') ? reply : ordinaryMarket(request);
const tooEarly = {
  status: 403,
  body: { status: 'NOT_AUTHORIZED', message: "Attempted to request today's data before end of day." },
};
/** The events that wait, in order, and then no longer. */
async function told() {
  const rows = await database.db.query<{ day: string; cause: string }>(
    `with told as (delete from ops.outbox where detail_type = 'BarsIngested' returning id, detail)
     select detail #>> '{data,tradingDay}' as day, detail #>> '{metadata,cause}' as cause from told order by id`,
  );
  return rows.map(({ day, cause }) => `${day} ${cause}`);
}

test('the first night takes the latest session alone, and the splits of the lookback', async () => {
  expect(await night(tuesday)).toMatchObject({
    tradingDay: '2026-11-24',
    noSession: null,
    sessions: ['2026-11-24'],
    gaps: [],
    notYet: [],
    failed: [],
    barsWritten: 3,
    splits: { changed: 0, error: null },
    complete: true,
  });
  expect(asked()).toEqual(['2026-11-24']);
  expect(massive.requests.find(({ path }) => path === '/stocks/v1/splits')?.query).toMatchObject({
    'execution_date.gte': '2026-01-28',
    'execution_date.lte': '2026-11-24',
  });
  expect(await told()).toEqual(['2026-11-24 live']);
});

test('an ordinary night asks the last sessions again, and writes and tells only what changed', async () => {
  for (const day of sessionsBetween('2026-11-12', '2026-11-23')) await night(tuesday, { day });
  await told();
  massive.script((request) =>
    groupedDay(request) === '2026-11-19'
      ? { body: groupedBody(marketOf('2026-11-19').map((bar, at) => (at === 1 ? { ...bar, v: 7 } : bar))) }
      : ordinaryMarket(request),
  );
  expect(await night(tuesday)).toMatchObject({
    sessions: ['2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20', '2026-11-23', '2026-11-24'],
    gaps: [],
    inserted: 3,
    corrected: 1,
    barsWritten: 4,
    unchanged: 14,
  });
  expect(await told()).toEqual(['2026-11-19 correction', '2026-11-24 live']);
});

test('gaps after the first stored session are filled', async () => {
  await night(tuesday, { day: '2026-11-10' });
  await night(tuesday, { day: '2026-11-18' });
  await told();
  expect(await night(tuesday)).toMatchObject({
    gaps: sessionsBetween('2026-11-11', '2026-11-23').filter((day) => day !== '2026-11-18'),
    sessions: sessionsBetween('2026-11-10', '2026-11-24'),
  });
  expect(await told()).toEqual(
    sessionsBetween('2026-11-11', '2026-11-24')
      .filter((day) => day !== '2026-11-18')
      .map((day) => `${day} live`),
  );
});

test('too early is no failure: the run says so, and the next one fills the gap', async () => {
  await night('2026-11-23T22:00:00Z');
  massive.script(barsOn(['2026-11-24'], tooEarly));
  expect(await night(tuesday)).toMatchObject({
    tradingDay: '2026-11-24',
    sessions: ['2026-11-23'],
    notYet: [{ tradingDay: '2026-11-24', reason: expect.stringContaining('too early (403') as unknown }],
    failed: [],
    complete: true,
  });
  massive.script(ordinaryMarket);
  expect(await night('2026-11-25T11:30:00Z')).toMatchObject({
    tradingDay: '2026-11-24',
    sessions: ['2026-11-23', '2026-11-24'],
    notYet: [],
    inserted: 3,
  });
  // A day later it is a gap.
  massive.script(barsOn(['2026-11-25'], tooEarly));
  expect(await night('2026-11-25T21:15:00Z')).toMatchObject({ notYet: [{ tradingDay: '2026-11-25' }] });
  massive.script(ordinaryMarket);
  expect(await night('2026-11-27T21:15:00Z')).toMatchObject({
    gaps: ['2026-11-25'],
    notYet: [],
    inserted: 6,
  });
});

test('an empty answer for the newest session is "not yet", for an older one a failure', async () => {
  await night(tuesday, { day: '2026-11-20' });
  massive.script(barsOn(['2026-11-23', '2026-11-24'], { body: { status: 'OK', results: [] } }));
  expect(await night(tuesday)).toMatchObject({
    sessions: ['2026-11-20'],
    notYet: [{ tradingDay: '2026-11-24' }],
    failed: [{ tradingDay: '2026-11-23' }],
  });
});

test('on a holiday nothing is asked when nothing is missing', async () => {
  await night('2026-11-25T22:00:00Z');
  await told();
  expect(await night('2026-11-26T21:15:00Z')).toMatchObject({
    tradingDay: '2026-11-25',
    noSession: '2026-11-26',
    sessions: [],
    splits: null,
    complete: true,
  });
  expect(massive.requests).toEqual([]);
  expect(await told()).toEqual([]);
});

test('on a holiday what is missing is fetched', async () => {
  await night(tuesday);
  expect(await night('2026-11-26T11:30:00Z')).toMatchObject({
    noSession: '2026-11-26',
    sessions: ['2026-11-25'],
    barsWritten: 3,
  });
});

test('one day is asked for alone, also again', async () => {
  await night(tuesday);
  await told();
  expect(await night(tuesday, { day: '2019-02-01' })).toMatchObject({
    tradingDay: '2019-02-01',
    sessions: ['2019-02-01'],
    gaps: [],
  });
  expect(asked()).toEqual(['2019-02-01']);
  expect(massive.requests[0]?.query).toMatchObject({ 'execution_date.gte': '2019-02-01' });
  expect(await night(tuesday, { day: '2019-02-01' })).toMatchObject({ barsWritten: 0, unchanged: 3 });
  expect(await told()).toEqual(['2019-02-01 live']);
});

test.each([
  ['2025-01-09', { tradingDay: null, noSession: '2025-01-09', notYet: [] }],
  ['2026-11-25', { tradingDay: '2026-11-25', noSession: null, notYet: [{ tradingDay: '2026-11-25' }] }],
])('%s has no session or has not closed: nothing is asked', async (day, expected) => {
  expect(await night(tuesday, { day })).toMatchObject({
    ...expected,
    sessions: [],
    splits: null,
    complete: true,
  });
  expect(massive.requests).toEqual([]);
});

test('one gap that the plan does not reach does not keep the newest session out', async () => {
  await night(tuesday, { day: '2026-11-19' });
  const tooOld = { status: 403, body: { message: "Your plan doesn't include this data timeframe." } };
  massive.script(barsOn(['2026-11-20'], tooOld));
  expect(await night(tuesday)).toMatchObject({
    sessions: ['2026-11-19', '2026-11-23', '2026-11-24'],
    failed: [{ tradingDay: '2026-11-20' }],
    complete: true,
  });
});

test('a refused key is told once, and ends the run', async () => {
  await night(tuesday, { day: '2026-11-02' });
  massive.script(() => ({ status: 401, body: { error: 'Unknown API Key' } }));
  const report = await night(tuesday);
  expect(report).toMatchObject({ sessions: [], complete: false, failed: [{ tradingDay: '2026-11-02' }] });
  expect(report.failed[0]?.error).toContain('key refused (401 "Unknown API Key")');
  expect(new Set(asked()).size).toBeLessThanOrEqual(3);
});

test('a new split is stored with the night, and is not told again', async () => {
  massive.script((request) =>
    request.path === '/stocks/v1/splits'
      ? {
          body: {
            status: 'OK',
            results: [{ ticker: 'AAPL', execution_date: '2026-11-24', split_from: 1, split_to: 4 }],
          },
        }
      : ordinaryMarket(request),
  );
  await night(tuesday, { day: '2026-11-23' });
  const restated = () => database.db.query(`select from ops.outbox where detail_type = 'BarsRestated'`);
  // Without bars there was nothing to restate.
  const before = (await restated()).length;
  expect(await night(tuesday)).toMatchObject({ splits: { received: 1, changed: 0, unchanged: 1 } });
  expect(await restated()).toHaveLength(before);
});

test('with symbols it takes theirs alone, with their splits, and names those that no session has', async () => {
  const split = { execution_date: '2026-11-24', split_from: 1, split_to: 4 };
  const results = ['AAPL', 'CPS'].map((ticker) => ({ ticker, ...split }));
  massive.script((request) =>
    request.path === '/stocks/v1/splits' ? { body: { status: 'OK', results } } : ordinaryMarket(request),
  );
  const symbols = new Set(['AAPL', 'CpS', 'aapl']);
  expect(await night(tuesday, { day: '2026-11-20', symbols })).toMatchObject({ inserted: 2 });
  expect(await night(tuesday, { symbols })).toMatchObject({
    gaps: ['2026-11-23'],
    sessions: ['2026-11-20', '2026-11-23', '2026-11-24'],
    inserted: 4,
    unchanged: 2,
    missing: 0,
    absentSymbols: ['aapl'],
    splits: { received: 2, changed: 0, unchanged: 1 },
  });
  expect(
    await database.db.query(
      'select symbol, count(*)::int as bars from raw_ohlcv group by symbol order by symbol',
    ),
  ).toEqual([
    { symbol: 'AAPL', bars: 3 },
    { symbol: 'CpS', bars: 3 },
  ]);
  // The newest sessions are asked again anyway, so a night for all brings what the watch list left out of them.
  expect(await night(tuesday)).toMatchObject({ inserted: 3, absentSymbols: [] });
});

test('stopped, it says what it took and that it is not complete', async () => {
  await night(tuesday, { day: '2026-11-17' });
  const stop = new AbortController();
  const report = await night(tuesday, {
    signal: stop.signal,
    onProgress: ({ done }) => {
      if (done === 2) stop.abort(new Error('stopped'));
    },
  });
  expect(report).toMatchObject({ sessions: ['2026-11-17', '2026-11-18'], failed: [], complete: false });
});
