/** A replay of a year that dies twice and goes on under its id, beside days that come in live and jobs that work both in. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { replayDays } from '../../services/cli/replay/replay-days.ts';
import { isFull, reportFaults } from './support/fault-figures.ts';
import { ingest } from './support/histories.ts';
import { judge } from './support/judge.ts';
import { sessions } from './support/market.ts';
import { live, type Process } from './support/mortal.ts';
import { createWorld, never, publisher, runBatchJob, type World } from './support/world.ts';

const days = isFull ? 230 : 60;
const lateDay = 17;

let world: World;
beforeAll(async () => {
  world = await createWorld();
  for (let number = 0; number < days; number++) {
    if (number !== lateDay) await ingest(world, number, { cause: 'backfill' });
  }
  await publisher(world.immortal)();
  await world.drain();
}, 120_000);
afterAll(() => world.close());

test('it ends with the same silver, and each replayed chunk is told of once', {
  timeout: 300_000,
}, async (context) => {
  const id = randomUUID();
  const request = { id, from: sessions[0] ?? '', to: sessions[days - 1] ?? '', signal: never };
  const replay = (process: Process) => replayDays({ db: process.db, publish: publisher(process) }, request);
  const over = new AbortController();
  const liveWork = async () => {
    for (let number = days; !over.signal.aborted && number < sessions.length; number++) {
      await ingest(world, number === days + 3 ? lateDay : number);
      await publisher(world.immortal)();
      await world.dispatch();
      for (const job of world.jobs.filter(({ status }) => status === 'RUNNABLE')) {
        await runBatchJob(world.immortal, job);
        job.status = 'SUCCEEDED';
      }
    }
  };
  const working = liveWork();
  try {
    for (const point of [2 * days, 3 * days]) {
      const died = await live(world.endpoints, { point, side: 'after', mode: 'crash' }, replay);
      expect(died.how).toBe('died');
    }
    const last = await replay(world.immortal);
    expect(last).toMatchObject({ unknown: [], complete: true });
    expect(last.doneBefore).toBeGreaterThan(days / 4);
    expect(last.events).toBeGreaterThan(0);
  } finally {
    over.abort();
    await working;
  }
  await world.drain();
  const { faults, rows, lost } = await judge(world.db, world.heard);
  expect(faults).toEqual([]);
  const told = await world.db.query<{ cause: string; chunk: string }>(
    `select detail -> 'metadata' ->> 'cause' as cause,
            concat_ws(' ', detail -> 'data' ->> 'runId', detail -> 'data' ->> 'interval') as chunk
       from ops.outbox where detail_type = 'SilverUpdated'`,
  );
  const replayed = told.filter(({ cause }) => cause === 'replay');
  expect(replayed.length).toBeGreaterThan(0);
  expect(new Set(replayed.map(({ chunk }) => chunk)).size).toBe(replayed.length);
  // Every day is told again, and once; the late one may have come after its turn.
  const again = await world.db.query<{ day: string }>(
    `select trading_day as day from ops.change where kind = 'replay' order by trading_day`,
  );
  expect(again.map(({ day }) => day).filter((day) => day !== sessions[lateDay])).toEqual(
    sessions.slice(0, days).filter((_, number) => number !== lateDay),
  );
  reportFaults(context, {
    row: 'a replay that dies and goes on, beside live days',
    points: 2,
    survived: 2,
    rows,
    lost,
  });
});
