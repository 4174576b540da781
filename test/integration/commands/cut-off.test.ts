/** A command that is killed between its change and its end is run again, finds nothing to do, and must work in what it left. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { deleteOne } from '../../../services/cli/commands/delete.ts';
import { intervalsAdd } from '../../../services/cli/commands/intervals.ts';
import { splitsImport, splitsRemove } from '../../../services/cli/commands/splits.ts';
import type { Workplace } from '../../../services/cli/workplace.ts';
import { deleteBar } from '../../../services/fetcher/delete-bar.ts';
import { importSplits } from '../../../services/fetcher/splits/import-splits.ts';
import { removeSplit } from '../../../services/fetcher/splits/remove-split.ts';
import { addInterval } from '../../../services/resampler/add-interval.ts';
import { captureOutput } from '../../support/capture-output.ts';
import { expectSilverIsRight } from '../../support/silver-definition.ts';
import { type CommandBench, day, history, startCommandBench } from './command-bench.ts';

const split = { symbol: 'AAPL', exDate: day(30), splitFrom: '1', splitTo: '4' };
const teller = { source: 'cli', producer: 'cli' } as const;

let bench: CommandBench;
let folder: string;
beforeAll(async () => {
  bench = await startCommandBench();
  folder = await mkdtemp(join(tmpdir(), 'fibbars-cut-off-'));
  await writeFile(
    join(folder, 'splits.csv'),
    `symbol,ex_date,split_from,split_to\nAAPL,${split.exDate},1,4\n`,
  );
});
afterAll(async () => {
  await bench.drop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await bench.clear();
  await bench.change({ symbol: 'AAPL', put: history(70) });
  await importSplits(bench.db, [{ ...split, exDate: day(10) }], teller);
  await bench.resample();
});

/** Only what these commands use of it. */
const deps = () => {
  const settle = async () => {
    await bench.resample();
  };
  const { output, text } = captureOutput({ json: true });
  const place = { db: bench.db, settle } as unknown as Workplace;
  return { deps: { place, output, signal: new AbortController().signal }, text };
};

it.each([
  {
    command: 'splits import',
    change: () => importSplits(bench.db, [split], teller),
    again: (to: ReturnType<typeof deps>) => splitsImport(to.deps, join(folder, 'splits.csv')),
    code: 0,
    says: { changed: 0, withoutBars: [], complete: true },
  },
  {
    command: 'splits remove',
    change: () => removeSplit(bench.db, 'AAPL', day(10)),
    again: (to: ReturnType<typeof deps>) => splitsRemove(to.deps, { symbol: 'AAPL', exDate: day(10) }),
    code: 1,
    says: { removed: false },
  },
  {
    command: 'delete',
    change: () => deleteBar(bench.db, 'AAPL', day(20)),
    again: (to: ReturnType<typeof deps>) => deleteOne(to.deps, { symbol: 'AAPL', tradingDay: day(20) }),
    code: 1,
    says: { deleted: false },
  },
  {
    command: 'intervals add',
    change: () => addInterval(bench.db, 55),
    again: (to: ReturnType<typeof deps>) => intervalsAdd(to.deps, 55),
    code: 0,
    says: { added: false, complete: true },
  },
])('$command works in what the same command has left', async ({ change, again, code, says }) => {
  await change();
  expect(await bench.pending()).not.toEqual([]);
  const to = deps();
  expect(await again(to)).toBe(code);
  expect(JSON.parse(to.text())).toMatchObject(says);
  expect(await bench.pending()).toEqual([]);
  await expectSilverIsRight(bench.db);
});
