/**
 * Each statement and each SDK call of each program, before and after: the process dies there, or that one connection or call breaks
 * and it goes on. Whatever a fault leaves, the next run, the sweep and the jobs bring to the same end, and every event is told.
 */
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import { enumerateFaults, type Program } from './support/enumerate-faults.ts';
import { isFull, reportFaults } from './support/fault-figures.ts';
import type { Mode } from './support/fault-points.ts';
import { makeHistory } from './support/histories.ts';
import { idOf } from './support/judge.ts';
import { changeHistory, fetchDays, haveJobSubmitted, leaveEvents, runJob } from './support/programs.ts';
import { createWorld, publisher, type World } from './support/world.ts';

const options = { timeout: isFull ? 3_600_000 : 600_000 };

let worlds: World[];
beforeAll(async () => {
  worlds = await Promise.all([createWorld(), createWorld()]);
});
afterAll(async () => {
  for (const world of worlds) await world.close();
});

async function prepare(begin?: (world: World) => Promise<void>): Promise<void> {
  for (const world of worlds) {
    await world.empty();
    await makeHistory(world);
    await begin?.(world);
    await world.save();
  }
}

async function expectSurvival(
  context: TestContext,
  program: Program,
  modes?: readonly Mode[],
): Promise<readonly string[]> {
  const { statements, ...figures } = await enumerateFaults(worlds, program, { modes });
  reportFaults(context, { row: 'crash or cut before or after each statement and SDK call', ...figures });
  return statements;
}

test('the fetcher, with new, late, corrected, pruned and refused bars', options, async (context) => {
  await prepare();
  const statements = await expectSurvival(context, { run: fetchDays, again: fetchDays });
  expect(statements.filter((each) => each.startsWith('copy public.raw_ohlcv'))).toHaveLength(1);
  expect(statements.filter((each) => each === 'commit').length).toBeGreaterThanOrEqual(6);
});

test(
  'the changes of history by hand: splits, a deleted bar, retention, a rebuild',
  options,
  async (context) => {
    await prepare();
    const statements = await expectSurvival(context, { run: changeHistory, again: changeHistory });
    expect(statements.filter((each) => each === 'commit').length).toBeGreaterThanOrEqual(5);
  },
);

test('the resampler, run again by Batch', options, async (context) => {
  await prepare(haveJobSubmitted);
  const statements = await expectSurvival(context, { run: runJob, again: runJob });
  expect(statements.some((each) => each.startsWith('copy public.silver_'))).toBe(true);
});

test('the resampler, given up by Batch after its death', options, async (context) => {
  await prepare(haveJobSubmitted);
  for (const world of worlds) {
    const submitted = world.jobs.at(-1)?.jobId;
    world.fail = ({ jobId }) => jobId === submitted;
  }
  try {
    const statements = await expectSurvival(context, { run: runJob }, ['crash']);
    expect(statements).toContain('AWSEvents.PutEvents');
  } finally {
    for (const world of worlds) world.fail = () => false;
  }
});

test('the relay, with entries that the bus does not take at first', options, async (context) => {
  await prepare(leaveEvents);
  const met = new Map<World, Set<string>>();
  for (const world of worlds) {
    world.refuse = ({ Detail }) => {
      const ids = met.get(world) ?? new Set();
      const isNew = ids.size < ids.add(idOf(Detail)).size;
      return isNew && /"tradingDay":"\d{4}-\d\d-\d2"/.test(Detail) ? 'InternalFailure' : null;
    };
  }
  const run: Program['run'] = async (process, world) => {
    met.set(world, new Set());
    await publisher(process)();
  };
  try {
    const statements = await expectSurvival(context, { run });
    expect(statements.filter((each) => each === 'AWSEvents.PutEvents').length).toBeGreaterThan(3);
  } finally {
    for (const world of worlds) world.refuse = () => null;
  }
});
