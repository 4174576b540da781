/**
 * The pipeline of one data folder in the hands of a careless operator: `up` runs or does not, commands change the market, and any process
 * of it may be killed, ended or held up at any moment: the programs, PostgreSQL, its sessions, the jobs. After each round `up` runs
 * undisturbed until nothing is pending, and all is judged. For an hour of it: `npm run test:soak`.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkspace, type Workspace } from '../integration/pipeline/workspace.ts';
import { random } from '../support/random.ts';
import { extentOf, seeds, soakMinutes } from '../support/soak.ts';
import { isFull, reportFaults } from './support/fault-figures.ts';
import { judge } from './support/judge.ts';
import { MarketFolder } from './support/market-folder.ts';
import { Operator } from './support/operator.ts';

const count = isFull ? 30 : 3;
/** After so many the market starts anew, so that histories stay short. */
const roundsPerMarket = 30;

let workspace: Workspace;
let market: MarketFolder;
let operator: Operator;
async function startAnew(): Promise<void> {
  await operator?.close();
  await workspace?.remove();
  workspace = await createWorkspace();
  market = await MarketFolder.create(workspace.scratch);
  operator = await Operator.begin(workspace);
}
beforeAll(startAnew);
afterAll(async () => {
  await operator.close();
  await workspace.remove();
}, 60_000);

test(`${extentOf(count)} of random kills`, {
  timeout: 300_000 + count * 60_000 + soakMinutes * 60_000,
}, async (context) => {
  const figures = { points: 0, survived: 0, rows: 0, lost: 0 };
  let rounds = 0;
  let marketSeed = 0;
  for (const seed of seeds('random kills', count)) {
    if (rounds % roundsPerMarket === 0) {
      marketSeed = seed;
      // The first market is there.
      if (rounds > 0) await startAnew();
    }
    rounds++;
    const next = random(seed);
    const done = await operator.work(next, await market.change(next));
    figures.points += done.faults;
    const { faults, rows, lost } = await operator.settle(market.backfill, judge);
    // FIBBARS_TEST_SEED=<marketSeed> does the same work again, if not at the same moments.
    const what = { marketSeed, seed, did: done.log };
    expect({ ...what, faults, bronze: await operator.look((db) => market.differences(db)) }).toEqual({
      ...what,
      faults: [],
      bronze: [],
    });
    expect(done.alarming).toEqual([]);
    figures.rows += rows;
    figures.lost += lost;
  }
  await operator.close();
  expect(await workspace.processes()).toEqual([]);
  figures.survived = figures.points;
  reportFaults(context, { row: 'random kills of any process', ...figures });
});
