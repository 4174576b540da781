/**
 * Random work by all programs, each in a process that dies or loses a connection at a random statement or call; after each round all is
 * drained and judged. For an hour of it: `npm run test:soak`.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handleMessages } from '../../services/dispatcher/handler.ts';
import { parseMessage } from '../../services/dispatcher/messages.ts';
import { sweep } from '../../services/dispatcher/sweep.ts';
import { type Random, random } from '../support/random.ts';
import { RandomFetcher } from '../support/random-fetcher.ts';
import { extentOf, seeds, soakMinutes } from '../support/soak.ts';
import { isFull, reportFaults } from './support/fault-figures.ts';
import type { Fault } from './support/fault-points.ts';
import { judge } from './support/judge.ts';
import { live, type Process } from './support/mortal.ts';
import { createWorld, dispatcherDeps, never, publisher, runBatchJob, type World } from './support/world.ts';

const count = isFull ? 150 : 15;
/** After so many the market starts anew, so that histories stay short. */
const roundsPerMarket = 25;
const symbols = ['A', 'AAPL', 'BRK.B', 'CPS', 'CpS', 'NULL', 'a', 'b'];

let world: World;
beforeAll(async () => {
  world = await createWorld({ jobSize: { barsPerShard: 40, maxShards: 3 } });
});
afterAll(() => world.close());

function faultOf(next: Random, points: number): Fault | undefined {
  if (next(4) === 0) return undefined;
  return {
    point: 1 + next(points),
    side: next(2) === 0 ? 'before' : 'after',
    mode: next(2) === 0 ? 'crash' : 'cut',
  };
}

async function dispatch(process: Process): Promise<void> {
  const deps = dispatcherDeps(process, { barsPerShard: 40, maxShards: 3 });
  await sweep(deps, { signal: never });
  // They are in flight until they are handled, and then deleted.
  const bodies = world.inbox.slice(0, 10);
  await handleMessages(
    deps,
    bodies.map((body) => parseMessage({ body })),
    never,
  );
  world.inbox.splice(0, bodies.length);
}

async function work(process: Process): Promise<void> {
  for (const job of world.jobs.filter(({ status }) => status === 'RUNNABLE')) await runBatchJob(process, job);
}

test(`${extentOf(count)} of random faults`, {
  timeout: 60_000 + count * 10_000 + soakMinutes * 60_000,
}, async (context) => {
  const figures = { points: 0, survived: 0, rows: 0, lost: 0 };
  let fetcher = new RandomFetcher(symbols);
  let rounds = 0;
  let marketSeed = 0;
  for (const seed of seeds('random faults', count)) {
    if (rounds++ % roundsPerMarket === 0) {
      marketSeed = seed;
      await world.empty();
      fetcher = new RandomFetcher(symbols);
    }
    const next = random(seed);
    const fetch = async (process: Process) => {
      for (let step = next(4); step >= 0; step--) await fetcher.step(process.db, next);
      await publisher(process)();
    };
    for (let turn = 0; turn < 4; turn++) {
      const program = [fetch, dispatch, work, fetch][next(4)] ?? fetch;
      const { points } = await live(world.endpoints, faultOf(next, 30), program);
      if (points.reached) figures.points++;
    }
    await world.drain();
    const { faults, rows, lost } = await judge(world.db, world.heard);
    // FIBBARS_TEST_SEED=<marketSeed> repeats it.
    expect({ marketSeed, seed, faults }).toEqual({ marketSeed, seed, faults: [] });
    figures.rows += rows;
    figures.lost += lost;
  }
  // Otherwise few of them came as far as their fault.
  expect(figures.points).toBeGreaterThan(rounds / 2);
  figures.survived = figures.points;
  reportFaults(context, { row: 'random faults of all programs', ...figures });
});
