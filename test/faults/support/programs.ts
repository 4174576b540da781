/** What each program does in its scenario: it begins in a world that `makeHistory` and its `begin` made. */
import { backfill } from '../../../services/fetcher/backfill.ts';
import { deleteBar } from '../../../services/fetcher/delete-bar.ts';
import { retain } from '../../../services/fetcher/retain.ts';
import { importSplits } from '../../../services/fetcher/splits/import-splits.ts';
import { requestRebuild } from '../../../services/resampler/rebuild.ts';
import { ingest } from './histories.ts';
import { availableDay, newcomers, sessions, source, symbols } from './market.ts';
import type { Process } from './mortal.ts';
import { logger, never, publisher, runBatchJob, type World } from './world.ts';

/** New, late and corrected bars, one that is pruned, a market of newcomers, and a row that is no bar. */
export async function fetchDays(process: Process): Promise<void> {
  const publish = publisher(process);
  // Beside the days it would come at another point each time.
  const deps = { db: process.db, logger, publish: () => Promise.resolve() };
  await publish();
  const days = [
    availableDay(3, { seed: 5 }),
    availableDay(5),
    availableDay(10, { symbols: [...symbols, ...newcomers], garbage: true }),
  ];
  const report = await backfill(deps, { source, days, cause: 'live', signal: never });
  await publish();
  const pruning = { source, days: [availableDay(8, { symbols: symbols.slice(1), seed: 1 })], prune: true };
  const pruned = await backfill(deps, { ...pruning, cause: 'correction', signal: never });
  await publish();
  // A day that is left out is a failure of the run, which a schedule repeats.
  if (report.failed.length + pruned.failed.length > 0) throw new Error('some days failed');
}

/** A split, a deleted bar, retention and a rebuild. */
export async function changeHistory(process: Process): Promise<void> {
  const split = { symbol: 'AAPL', exDate: sessions[6] ?? '', splitFrom: '1', splitTo: '7' };
  await importSplits(process.db, [split], { source: 'cli', producer: 'cli' });
  await deleteBar(process.db, 'CPS', sessions[2] ?? '');
  await retain(process.db, { from: sessions[4] ?? '', symbols: ['CpS'], signal: never });
  await requestRebuild(process.db, ['NULL']);
  await publisher(process)();
}

/** Begins `runJob`: new bars, a late one, a correction and a market of newcomers wait in a job that Batch has. */
export async function haveJobSubmitted(world: World): Promise<void> {
  await ingest(world, 5);
  await ingest(world, 3, { seed: 5, cause: 'correction' });
  await ingest(world, 10, { symbols: [...symbols, ...newcomers] });
  // A late bar of each: their silver is written by COPY.
  await ingest(world, 9, { symbols: [...symbols, ...newcomers] });
  await publisher(world.immortal)();
  await world.dispatch();
}

/** The newest job of Batch. */
export async function runJob(process: Process, world: World): Promise<void> {
  const job = world.jobs.at(-1);
  if (job === undefined) throw new Error('no job was submitted');
  await runBatchJob(process, job);
}

/** Begins `publisher`: events of some days wait in the outbox. */
export async function leaveEvents(world: World): Promise<void> {
  for (let number = 10; number < 35; number++) await ingest(world, number);
}
