/** Every route that looks, over a small market in a real PostgreSQL. */
import { parse } from 'fast-csv';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  Bars,
  DailyBar,
  Day,
  Pipeline,
  Problem,
  SymbolFound,
  Trace,
} from '../../../services/dashboard/api.ts';
import { deleteBar } from '../../../services/fetcher/delete-bar.ts';
import { importSplits } from '../../../services/fetcher/splits/import-splits.ts';
import { sessionsBetween } from '../../../services/shared/calendar/sessions.ts';
import { readBars } from '../../../sql/queries/read-bars.ts';
import { type CommandBench, startCommandBench } from '../commands/command-bench.ts';
import { deliver, type Row, raw, serve } from './dashboard-bench.ts';

const days = sessionsBetween('2024-01-02', '2024-03-28');
const day = (at: number) => days[at] ?? '';
const [missing, late, restated, deleted] = [day(7), day(12), day(20), day(25)];

let bench: CommandBench;
let url: string;
let correlationId: string;

beforeAll(async () => {
  bench = await startCommandBench();
  const { db } = bench;
  url = bench.url;
  const rowsOf = (at: number): Row[] => [
    { symbol: 'AAPL', open: `${100 + at}`, close: `${101 + at}.125`, volume: `${1_000 + at}.5` },
    { symbol: 'AGM/A', open: '20', close: '21' },
    { symbol: 'aaPl', open: '5', close: '6' },
    ...(at < 5 ? [{ symbol: 'MSFT' }] : []),
  ];
  for (const [at, each] of days.entries()) {
    if (each !== missing && each !== late) await deliver(db, each, rowsOf(at));
  }
  ({ correlationId } = await deliver(db, late, [...rowsOf(12), { symbol: 'B?D' }]));
  await deliver(
    db,
    restated,
    rowsOf(20).map((row) => ({ ...row, volume: '7' })),
  );
  await deleteBar(db, 'AGM/A', deleted);
  await importSplits(db, [{ symbol: 'AAPL', exDate: day(10), splitFrom: '1', splitTo: '4' }], {
    source: 'test',
    producer: 'cli',
  });
  await bench.resample();
});
afterAll(() => bench.drop());

const dashboard = () => serve(url, { clock: () => new Date('2024-04-02T12:00:00Z') });
const problem = async (path: string) => {
  const answer = await raw((await dashboard()).url, { path });
  return { status: answer.status, error: (JSON.parse(answer.body) as Problem).error };
};

test('the session says what there is, and that this dashboard only shows', async () => {
  expect(await (await dashboard()).session()).toEqual({
    intervals: [1, 3, 5, 8, 13, 21, 34],
    symbols: 4,
    lastDay: '2024-03-28',
    local: false,
    token: null,
    version: '0.1.0',
  });
});

test('symbols are found without regard to case, the exact one first', async () => {
  const { json } = await dashboard();
  const found = async (query: string, more = '') =>
    (await json<SymbolFound[]>(`/api/symbols?query=${encodeURIComponent(query)}${more}`)).map(
      ({ symbol }) => symbol,
    );
  expect(await found('AAPL')).toEqual(['AAPL', 'aaPl']);
  expect(await found('aaPl')).toEqual(['aaPl', 'AAPL']);
  expect(await found('a')).toEqual(['AAPL', 'AGM/A', 'aaPl']);
  expect(await found('m')).toEqual(['MSFT', 'AGM/A']);
  expect(await found('/')).toEqual(['AGM/A']);
  expect(await found('', '&limit=2')).toEqual(['AAPL', 'AGM/A']);
  for (const none of ['%', '_', "'", '\\', 'ZZ', '\0', 'A'.repeat(100)])
    expect(await found(none)).toEqual([]);
  expect(await json('/api/symbols?query=MSFT')).toEqual([
    { symbol: 'MSFT', firstDay: day(0), lastDay: day(4), bars: 5 },
  ]);
});

test('bars of an interval are those of its table, the newest first cut off', async () => {
  const { json } = await dashboard();
  for (const symbol of ['AAPL', 'AGM/A']) {
    const stored = await bench.db.withClient((client) => readBars(client, { symbol, days: 5 }));
    expect(stored.length).toBeGreaterThan(8);
    const all = await json<Bars>(`/api/bars?symbol=${encodeURIComponent(symbol)}&interval=5`);
    expect(all).toMatchObject({ symbol, interval: 5, more: false, adjusted: true });
    expect(all.bars).toEqual(
      stored.map(({ symbol: _symbol, startDate: start, endDate: end, barCount: count, ...values }) => ({
        start,
        end,
        ...values,
        count,
      })),
    );
    const newest = await json<Bars>(`/api/bars?symbol=${encodeURIComponent(symbol)}&interval=5&limit=3`);
    expect(newest).toMatchObject({ more: true, bars: all.bars.slice(-3) });
    const before = all.bars.at(-3)?.start ?? '';
    const path = `/api/bars?symbol=${encodeURIComponent(symbol)}&interval=5&before=${before}`;
    expect(await json<Bars>(`${path}&limit=2`)).toMatchObject({ more: true, bars: all.bars.slice(-5, -3) });
    expect(await json<Bars>(path)).toMatchObject({ more: false, bars: all.bars.slice(0, -3) });
  }
});

test('daily bars are adjusted for splits as silver is, and the splits are told', async () => {
  const { json } = await dashboard();
  const daily = await json<Bars>('/api/bars?symbol=AAPL&interval=1');
  expect(daily.splits).toEqual([{ exDay: day(10), from: '1', to: '4' }]);
  expect(daily.bars).toHaveLength(days.length - 1);
  expect(daily.bars[0]).toEqual({
    start: day(0),
    end: day(0),
    open: '25',
    high: '125',
    low: '0.25',
    close: '25.28125',
    volume: '4002',
    count: 1,
  });
  expect(daily.bars.find(({ start }) => start === day(10))).toMatchObject({ open: '110', volume: '1010.5' });
  const three = await json<Bars>('/api/bars?symbol=AAPL&interval=3');
  for (const [at, bar] of three.bars.entries()) {
    const group = daily.bars.slice(at * 3, at * 3 + 3);
    expect(bar).toMatchObject({
      start: group[0]?.start,
      end: group.at(-1)?.end,
      open: group[0]?.open,
      close: group.at(-1)?.close,
      count: group.length,
    });
    expect(Number(bar.volume)).toBeCloseTo(group.reduce((sum, { volume }) => sum + Number(volume), 0));
  }
  const page = await json<Bars>(`/api/bars?symbol=AAPL&interval=1&before=${day(12)}&limit=4`);
  expect(page).toMatchObject({ more: true });
  expect(page.bars.map(({ start }) => start)).toEqual([day(8), day(9), day(10), day(11)]);
});

test('a bar knows its daily bars', async () => {
  const { json } = await dashboard();
  for (const [symbol, interval] of [
    ['AAPL', 8],
    ['AGM/A', 3],
    ['AAPL', 1],
  ] as const) {
    const query = `symbol=${encodeURIComponent(symbol)}&interval=${interval}`;
    const [{ bars }, daily] = [
      await json<Bars>(`/api/bars?${query}`),
      await json<Bars>(`/api/bars?symbol=${encodeURIComponent(symbol)}&interval=1`),
    ];
    for (const bar of [bars[0], bars[1], bars.at(-1)]) {
      const group = await json<DailyBar[]>(`/api/group?${query}&start=${bar?.start}`);
      expect(group).toEqual(
        daily.bars
          .filter(({ start }) => start >= (bar?.start ?? '') && start <= (bar?.end ?? ''))
          .map(({ start, end: _end, count: _count, ...values }) => ({ day: start, ...values })),
      );
      expect(group).toHaveLength(bar?.count ?? 0);
    }
  }
});

test('all bars of a symbol come as CSV that no spreadsheet runs', async () => {
  const { url: at, json } = await dashboard();
  for (const [symbol, interval, name] of [
    ['AGM/A', 13, 'AGM-A-13d.csv'],
    ['AAPL', 1, 'AAPL-1d.csv'],
  ] as const) {
    const query = `symbol=${encodeURIComponent(symbol)}&interval=${interval}`;
    const answer = await raw(at, { path: `/api/bars.csv?${query}` });
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${name}"`,
      },
    });
    const rows: string[][] = [];
    const parser = parse<string[], string[]>().on('data', (row: string[]) => rows.push(row));
    parser.end(answer.body);
    await new Promise((resolve) => {
      parser.once('end', resolve);
    });
    const { bars } = await json<Bars>(`/api/bars?${query}`);
    expect(rows).toEqual([
      ['symbol', 'start_date', 'end_date', 'open', 'high', 'low', 'close', 'volume', 'bar_count'],
      ...bars.map((bar) => [
        symbol,
        bar.start,
        bar.end,
        bar.open,
        bar.high,
        bar.low,
        bar.close,
        bar.volume,
        String(bar.count),
      ]),
    ]);
    for (const cell of rows.flat()) expect(cell).toMatch(/^[A-Za-z0-9]/);
  }
});

test('the pipeline is counted at each stage, and what is not to be seen from here is null', async () => {
  const { json } = await dashboard();
  const [jobId, runId] = ['5d1b9f0e-6f0e-4a86-9d3c-0c7a5f1f6a03', '6e2c0a1f-6f0e-4a86-9d3c-0c7a5f1f6a04'];
  await bench.db.query(
    `insert into ops.job (id, name, intervals, through_id, symbols, shards, correlation_id, causation_id, started_at,
                          started_snapshot, finished_at, outcome)
     values ($1, 'a', '{3}', 1, '{AAPL}', 1, $1, $1, null, null, null, null),
            ($2, 'b', '{3}', 2, '{AAPL}', 1, $1, $1, now(), pg_current_snapshot(), null, null),
            (gen_random_uuid(), 'c', '{3}', 3, '{AAPL}', 1, $1, $1, null, null, now(), 'failed'),
            (gen_random_uuid(), 'd', '{3}', 4, '{AAPL}', 1, $1, $1, null, null, now(), 'succeeded')`,
    [jobId, runId],
  );
  await bench.db.query(
    `insert into ops.invalidation (symbol, from_date, reason, change_id)
     select symbol, '2024-01-02', 'rebuild', 1 from unnest('{AAPL,AAPL,MSFT}'::text[]) symbol`,
  );
  const [stored] = await bench.db.query<{ bars: number; three: number; unpublished: number }>(
    `select (select count(*)::int from raw_ohlcv) as bars, (select count(*)::int from silver_3d) as three,
            (select count(*)::int from ops.outbox) as unpublished`,
  );
  const pipeline = await json<Pipeline>('/api/pipeline');
  expect(pipeline).toEqual({
    at: expect.stringMatching(/^\d{4}-.*Z$/),
    bronze: { bars: stored?.bars, lastDay: '2024-03-28', missingDays: 1 },
    outbox: { unpublished: stored?.unpublished, oldestAgeSeconds: expect.any(Number) },
    bus: null,
    queue: null,
    deadLetters: null,
    jobs: { claimed: 1, running: 1, failed: 1, succeeded: 1 },
    pending: { invalidations: 3, symbols: 2, oldestAgeSeconds: expect.any(Number) },
    silver: [3, 5, 8, 13, 21, 34].map((interval) => ({ interval, bars: expect.any(Number) })),
  });
  expect(pipeline.silver[0]?.bars).toBe(stored?.three);
  await bench.db.query('truncate ops.job, ops.invalidation');
});

test('days say how they came', async () => {
  const { json } = await dashboard();
  const found = await json<Day[]>(`/api/days?from=2024-01-01&through=2024-04-03`);
  expect(found).toHaveLength(94);
  const stateOf = (each: string) => found.find((other) => other.day === each);
  expect(stateOf(day(0))).toEqual({
    day: day(0),
    state: 'complete',
    note: null,
    bars: 4,
    quarantined: 0,
  });
  expect(stateOf(late)).toMatchObject({ state: 'late', bars: 3, quarantined: 1 });
  expect([missing, restated, deleted].map((each) => stateOf(each)?.state)).toEqual([
    'missing',
    'restated',
    'restated',
  ]);
  expect(stateOf('2024-01-01')).toMatchObject({ state: 'holiday', note: 'New Years Day' });
  expect(stateOf('2024-03-29')).toMatchObject({ state: 'holiday', note: 'Good Friday' });
  expect(['2024-04-01', '2024-04-02', '2024-03-30'].map((each) => stateOf(each)?.state)).toEqual([
    'outside',
    'future',
    'weekend',
  ]);
  expect(found.filter(({ state }) => state === 'complete')).toHaveLength(days.length - 4);
  // Without a range it is the last year.
  const year = await json<Day[]>('/api/days');
  expect([year[0]?.day, year.at(-1)?.day]).toEqual(['2023-03-29', '2024-04-02']);
});

test('a trace has its steps in the order of time', async () => {
  const { json } = await dashboard();
  const trace = await json<Trace>(`/api/trace?id=${correlationId.toUpperCase()}`);
  expect(trace.id).toBe(correlationId);
  expect(trace.steps[0]).toMatchObject({
    afterMs: 0,
    what: 'change',
    detail: expect.stringContaining(`ingest of ${late}, from test, live`),
  });
  expect(trace.steps.map(({ what }) => what)).toContain('run');
  const times = trace.steps.map(({ at }) => at);
  expect(times).toEqual(times.toSorted());
  for (const { at, afterMs } of trace.steps) {
    expect(afterMs).toBe(Date.parse(at) - Date.parse(times[0] ?? ''));
  }
});

test.each([
  ['/api/bars?symbol=NONE&interval=3', 404, 'Nothing is stored for "NONE"'],
  ['/api/bars?symbol=AAPL&interval=4', 400, 'There are no bars of 4 days: choose 1, 3, 5, 8, 13, 21, 34'],
  ['/api/bars?interval=3', 400, 'The parameter symbol is missing'],
  ['/api/bars?symbol=AAPL&interval=3&before=yesterday', 400, 'YYYY-MM-DD'],
  ['/api/bars?symbol=AAPL&interval=3&before=0001-01-01', 400, 'a calendar date from 1800 on'],
  ['/api/group?symbol=AAPL&interval=3&start=0000-01-01', 400, 'a calendar date from 1800 on'],
  ['/api/bars?symbol=AAPL&interval=3&limit=0', 400, 'a whole number from 1 to 20000'],
  ['/api/bars?symbol=AAPL&from=2024-01-02', 400, 'There is no parameter "from" here'],
  [`/api/group?symbol=AAPL&interval=3&start=2024-01-03`, 404, 'No 3-day bar of AAPL starts on 2024-01-03'],
  ['/api/group?symbol=AAPL&interval=3', 400, 'The parameter start is missing'],
  ['/api/bars.csv?symbol=NONE&interval=3', 404, 'Nothing is stored'],
  ['/api/days?from=2024-02-01&through=2024-01-01', 400, 'which is after through'],
  ['/api/days?from=1980-01-01&through=1980-01-02', 400, 'the trading calendar begins in 1990'],
  ['/api/days?from=1990-01-01&through=2090-01-01', 400, 'ask for fewer'],
  ['/api/trace?id=7', 400, 'it takes a correlationId or the id of an event, a UUID'],
  ['/api/trace?id=00000000-0000-4000-8000-000000000000', 404, 'Nothing is known of'],
  ['/api/session?x=1', 400, 'takes no parameters'],
  ['/api/nothing', 404, 'There is nothing at /api/nothing'],
])('%s is %i: %s', async (path, status, words) => {
  const found = await problem(path);
  expect(found.status).toBe(status);
  expect(found.error).toContain(words);
});
