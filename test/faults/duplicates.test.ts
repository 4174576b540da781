/** A year of events, each told 1 to 10 times and in any order, while its days are taken in in any order too. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handleMessages } from '../../services/dispatcher/handler.ts';
import { parseMessage } from '../../services/dispatcher/messages.ts';
import { createHandler, parseMessage as parseSilver } from '../../services/subscriber/handler.ts';
import { jobStateChange } from '../integration/dispatcher/dispatcher-bench.ts';
import { envelopeBody } from '../support/example-events.ts';
import { type Random, random } from '../support/random.ts';
import { isFull, reportFaults } from './support/fault-figures.ts';
import { ingest } from './support/histories.ts';
import { judge } from './support/judge.ts';
import { sessions } from './support/market.ts';
import {
  createWorld,
  dispatcherDeps,
  logger,
  never,
  publisher,
  runBatchJob,
  type World,
} from './support/world.ts';

const days = isFull ? sessions.length : 63;
const row = 'each event 1 to 10 times, and a year shuffled';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

function shuffled<T>(list: readonly T[], next: Random): T[] {
  const left = [...list];
  return Array.from({ length: left.length }, () => left.splice(next(left.length), 1)[0] as T);
}

const copies = <T>(list: readonly T[], next: Random) =>
  list.flatMap((each) => Array.from({ length: 1 + next(10) }, () => each));

test('the dispatcher hears each of them up to ten times, and silver is right', {
  timeout: 600_000,
}, async (context) => {
  const next = random(5);
  const deps = dispatcherDeps(world.immortal);
  let pool: string[] = [];
  let handled = 0;
  const handle = async (count: number) => {
    for (; count > 0 && pool.length > 0; count--) {
      const batch = pool.splice(0, 1 + next(10));
      handled += batch.length;
      await handleMessages(
        deps,
        batch.map((body) => parseMessage({ body })),
        never,
      );
    }
  };
  const order = shuffled(
    Array.from({ length: days }, (_, number) => number),
    next,
  );
  for (const [index, number] of order.entries()) {
    await ingest(world, number);
    if (index % 9 !== 8) continue;
    await publisher(world.immortal)();
    pool = shuffled([...pool, ...copies(world.inbox.splice(0), next)], next);
    await handle(next(8));
    for (const job of world.jobs.filter(({ status }) => status === 'RUNNABLE' && next(2) === 0)) {
      expect(await runBatchJob(world.immortal, job)).toBe(true);
      job.status = 'SUCCEEDED';
      pool.push(...copies([jobStateChange(job, 'SUCCEEDED')], next));
    }
  }
  await publisher(world.immortal)();
  pool = shuffled([...pool, ...copies(world.inbox.splice(0), next)], next);
  await handle(Infinity);
  await world.drain();
  const { faults, rows, lost } = await judge(world.db, world.heard);
  expect(faults).toEqual([]);
  expect(handled).toBeGreaterThan(4 * days);
  const claims = world.jobs.map(({ parameters }) => parameters.job);
  expect(new Set(claims).size).toBe(claims.length);
  expect(claims.length).toBeLessThanOrEqual(days);
  reportFaults(context, { row, points: handled, survived: handled, rows, lost });
});

test('a subscriber hears each SilverUpdated up to ten times, and takes each bar once', async (context) => {
  const next = random(6);
  const printed: string[] = [];
  const handler = createHandler({
    db: world.db,
    watched: new Set(['AAPL']),
    logger,
    print: ({ startDate }) => printed.push(startDate),
  });
  const told = world.heard
    .filter(({ DetailType, Detail }) => DetailType === 'SilverUpdated' && Detail.includes('"interval":21,'))
    .map(({ DetailType, Detail }) => envelopeBody(DetailType, JSON.parse(Detail)));
  const messages = shuffled(copies(told, next), next);
  for (const body of messages) await handler([parseSilver({ body })]);
  const complete = await world.db.query<{ start: string }>(
    `select start_date as start from public.silver_21d where symbol = 'AAPL' and bar_count = 21 order by 1`,
  );
  expect(complete).toHaveLength(Math.floor(days / 21));
  expect(printed.toSorted()).toEqual(complete.map(({ start }) => start));
  reportFaults(context, {
    row,
    points: messages.length,
    survived: messages.length,
    rows: complete.length,
    lost: 0,
  });
});
