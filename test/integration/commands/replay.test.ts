/** Trading days told again from bronze: what is written for each, what comes of it, and where it goes on. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ReplayRequest, replayDays } from '../../../services/cli/replay/replay-days.ts';
import { handleMessages } from '../../../services/dispatcher/handler.ts';
import { parseMessage } from '../../../services/dispatcher/messages.ts';
import { UsageError } from '../../../services/shared/exit-code.ts';
import { envelopeBody } from '../../support/example-events.ts';
import { expectSilverIsRight } from '../../support/silver-definition.ts';
import { startDispatcherBench } from '../dispatcher/dispatcher-bench.ts';
import { type CommandBench, day, history, startCommandBench } from './command-bench.ts';

let bench: CommandBench;
beforeAll(async () => {
  bench = await startCommandBench();
});
afterAll(() => bench.drop());
beforeEach(async () => {
  await bench.clear();
  await bench.db.query('truncate ops.trading_day');
  await bench.change({ symbol: 'AAPL', put: history(30) }, { symbol: 'MSFT', put: history(20, 9) });
  await deliver(0, 29);
  await bench.resample();
  await bench.told();
});

async function deliver(from: number, through: number): Promise<void> {
  const days = Array.from({ length: through - from + 1 }, (_, at) => day(from + at));
  await bench.db.query(
    `insert into ops.trading_day (source, trading_day, fingerprint, bars, quarantined)
     select 'test', day, '', 1, 0 from unnest($1::date[]) as delivered (day)`,
    [days],
  );
}

const never = new AbortController().signal;
const noPublish = () => Promise.resolve();

function replay(request: Partial<ReplayRequest> = {}, publish: () => Promise<unknown> = noPublish) {
  return replayDays(
    { db: bench.db, publish },
    { id: randomUUID(), from: day(0), to: day(29), signal: never, ...request },
  );
}

test('each day has its invalidations and one event, in order, with a key of this replay', async () => {
  const id = randomUUID();
  const replayed = await replay({ id, from: day(18), to: day(21) });
  expect(replayed).toMatchObject({ days: 4, events: 4, doneBefore: 0, complete: true, last: day(21) });
  expect(await bench.pending()).toEqual(
    [18, 19, 20, 21]
      .map((at) => ({ symbol: 'AAPL', at }))
      .concat([18, 19].map((at) => ({ symbol: 'MSFT', at })))
      .map(({ symbol, at }) => ({
        symbol,
        from_date: day(at),
        through_date: day(at),
        reason: 'replay',
        intervals: null,
      })),
  );
  const told = await bench.told();
  expect(told.map(({ type, metadata, data }) => ({ type, metadata, data }))).toEqual(
    [18, 19, 20, 21].map((at) => ({
      type: 'BarsIngested',
      metadata: expect.objectContaining({
        cause: 'replay',
        correlationId: id,
        causationId: null,
        producer: 'cli',
        idempotencyKey: `bars-ingested:replay:${id}:test:${day(at)}`,
      }),
      data: expect.objectContaining({
        tradingDay: day(at),
        source: 'test',
        inserted: 0,
        ...(at < 20 ? { bars: 2, symbols: ['AAPL', 'MSFT'] } : { bars: 1, symbols: ['AAPL'] }),
      }),
    })),
  );
});

test('over silver that is right nothing is written, and each chunk is told of once a table, as a replay', async () => {
  const tables = [3, 5, 8, 13, 21, 34];
  const before = await Promise.all(tables.map((days) => bench.written(days)));
  await replay();
  await bench.told();
  expect(await bench.resample()).toMatchObject({ chunks: 1, changedRows: 0 });
  expect(await Promise.all(tables.map((days) => bench.written(days)))).toEqual(before);
  const told = await bench.told();
  expect(told.map(({ type, metadata, data }) => ({ type, cause: metadata.cause, data }))).toEqual(
    tables.map((interval) => ({
      type: 'SilverUpdated',
      cause: 'replay',
      data: expect.objectContaining({
        interval,
        symbols: ['AAPL', 'MSFT'],
        completedSymbols: [],
        changedRows: 0,
        from: null,
      }),
    })),
  );
});

test('it repairs what somebody did to silver', async () => {
  await bench.db.query(`update public.silver_5d set close = close + 1 where symbol = 'AAPL'`);
  await replay();
  await bench.resample();
  await expectSilverIsRight(bench.db);
});

test('of the symbols asked for, the others are left alone and the unknown named', async () => {
  const replayed = await replay({ symbols: ['MSFT', 'NONE'] });
  expect(replayed).toMatchObject({ days: 30, events: 20, empty: 10, unknown: ['NONE'], complete: true });
  expect(new Set((await bench.pending()).map((row) => row['symbol']))).toEqual(new Set(['MSFT']));
  expect(await replay({ from: '2031-01-02', to: '2031-02-03' })).toMatchObject({ days: 0, complete: true });
});

test('a day of two sources is told of once for each', async () => {
  await bench.db.query(`update ops.symbol set source = 'other' where symbol = 'MSFT'`);
  await replay({ from: day(3), to: day(3) });
  const told = await bench.told();
  expect(told.map(({ data }) => [(data as { source?: string }).source, data.symbols])).toEqual([
    ['test', ['AAPL']],
    ['other', ['MSFT']],
  ]);
});

test('stopped, the same replay goes on where it was; another one tells of all again', async () => {
  const id = randomUUID();
  const stopping = new AbortController();
  let published = 0;
  const first = await replay({ id, signal: stopping.signal }, async () => {
    if (++published === 7) stopping.abort();
  });
  expect(first).toMatchObject({ events: 7, complete: false, last: day(6) });
  const second = await replay({ id });
  expect(second).toMatchObject({ events: 23, doneBefore: 7, complete: true });
  const days = (await bench.told()).map(({ data }) => (data as { tradingDay?: string }).tradingDay);
  expect(days).toEqual(Array.from({ length: 30 }, (_, at) => day(at)));
  expect(await replay({ id })).toMatchObject({ events: 0, doneBefore: 30, complete: true });
  expect(await replay()).toMatchObject({ events: 30, doneBefore: 0 });
});

test('it does not go on with other symbols or fewer days, and says what it was begun with', async () => {
  const id = randomUUID();
  const symbols = ['MSFT', 'AAPL'];
  const begun = await replay({ id, symbols, from: day(2), to: day(8) });
  expect(begun).toMatchObject({ days: 7, events: 7 });
  await bench.told();
  const others: Partial<ReplayRequest>[] = [
    { from: day(2), to: day(8) },
    { from: day(2), to: day(8), symbols: ['AAPL'] },
    { from: day(2), to: day(7), symbols },
    { from: day(3), to: day(8), symbols },
  ];
  for (const other of others) {
    const asked = replay({ id, ...other });
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow(
      `Replay ${id} was begun with --from ${day(2)} --to ${day(8)} --symbols MSFT,AAPL, and is asked to go on with `,
    );
  }
  expect(await bench.told()).toEqual([]);
  const same = await replay({ id, symbols: ['AAPL', 'MSFT'], from: day(2), to: day(8) });
  expect(same).toMatchObject({ doneBefore: 7, events: 0, complete: true });
  const longer = await replay({ id, symbols, from: day(1), to: day(9) });
  expect(longer).toMatchObject({ doneBefore: 7, events: 2, complete: true });
});

test('one whose first change does not say what it was begun with goes on as it is asked', async () => {
  const id = randomUUID();
  await replay({ id, symbols: ['AAPL'], from: day(2), to: day(8) });
  await bench.db.query(`update ops.change set counts = '{}' where correlation_id = $1`, [id]);
  const longer = { id, from: day(2), to: day(9) };
  expect(await replay(longer)).toMatchObject({ doneBefore: 7, events: 1 });
  // Nor is what goes on taken for the beginning.
  expect(await replay({ ...longer, symbols: ['AAPL'] })).toMatchObject({ doneBefore: 8, complete: true });
});

test('beside live bars, late ones and corrections, silver is right at the end', async () => {
  const over = new AbortController();
  const live = async () => {
    for (let at = 30; at < 50; at++) {
      await bench.change({ symbol: 'AAPL', put: [{ ...history(1, at)[0]!, date: day(at) }] });
      await bench.change({
        symbol: 'MSFT',
        put: [{ ...history(1, at)[0]!, date: day(at % 20) }],
        remove: at % 5 === 0 ? [day(19 - (at % 4))] : [],
      });
    }
  };
  const work = async () => {
    while (!over.signal.aborted) await bench.resample();
  };
  const working = work();
  await Promise.all([replay(), live(), replay({ symbols: ['MSFT'] })]);
  over.abort();
  await working;
  await bench.resample();
  expect(await bench.pending()).toEqual([]);
  await expectSilverIsRight(bench.db);
  const told = (await bench.told()).filter(({ type }) => type === 'SilverUpdated');
  // Of each transaction and table at most one event has the cause replay, and one another.
  const keys = told.map(({ metadata, data }) => {
    const { runId, interval } = data as unknown as { runId: string; interval: number };
    return `${runId} ${interval} ${metadata.cause === 'replay'}`;
  });
  expect(new Set(keys).size).toBe(keys.length);
  expect(told.some(({ metadata }) => metadata.cause === 'replay')).toBe(true);
});

test('a replayed day is one job, and its message that comes again does nothing', async () => {
  const dispatcher = await startDispatcherBench();
  try {
    await dispatcher.ingest(['AAPL', 'MSFT']);
    await dispatcher.db.query(`truncate ops.invalidation`);
    await dispatcher.db.query(
      `insert into ops.trading_day (source, trading_day, fingerprint, bars, quarantined) values ('test', '2026-11-23', '', 2, 0)`,
    );
    await replayDays(
      { db: dispatcher.db, publish: noPublish },
      { id: randomUUID(), from: '2026-11-23', to: '2026-11-23', signal: never },
    );
    const [row] = await dispatcher.db.query<{ detail: unknown }>('select detail from ops.outbox');
    const message = parseMessage({ body: envelopeBody('BarsIngested', row?.detail) });
    await handleMessages(dispatcher.deps, [message], never);
    expect(dispatcher.batch.jobs).toHaveLength(1);
    const [job] = await dispatcher.jobs();
    await dispatcher.run(job?.id ?? '');
    await handleMessages(dispatcher.deps, [message], never);
    await handleMessages(dispatcher.deps, [message, message], never);
    expect(dispatcher.batch.jobs).toHaveLength(1);
    expect(await dispatcher.db.query('select from ops.invalidation')).toEqual([]);
  } finally {
    await dispatcher.close();
  }
});

test('after each day it rests for as long as the day took', async () => {
  const tookMs = 120;
  const rests: number[] = [];
  let endedAt: number | undefined;
  await replay({ from: day(10), to: day(13) }, async () => {
    if (endedAt !== undefined) rests.push(performance.now() - endedAt);
    await sleep(tookMs);
    endedAt = performance.now();
  });
  expect(rests).toHaveLength(3);
  // A timer may ring a millisecond early.
  for (const rest of rests) expect(rest).toBeGreaterThanOrEqual(tookMs - 2);
});
