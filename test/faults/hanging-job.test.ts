/** A job that hangs and ignores SIGTERM: Batch ends it when its time is over, and what it was to do waits for the next. */
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { dispatchPending } from '../../services/dispatcher/dispatch.ts';
import { startDispatcher } from '../../services/dispatcher/start-dispatcher.ts';
import { reportFaults } from './support/fault-figures.ts';
import { ingest } from './support/histories.ts';
import { judge } from './support/judge.ts';
import { mainOf, startLocalPipeline } from './support/local-pipeline.ts';
import { never, publisher } from './support/world.ts';

const hang = fileURLToPath(new URL('./support/hang.ts', import.meta.url));

test('a job that hangs is killed and told of, and its work is done by the next', {
  timeout: 90_000,
}, async (context) => {
  const program: [string, string] = [process.execPath, hang];
  const { deps, names, clients, database, heard } = await startLocalPipeline({
    commands: { resampler: program },
    // Half an hour is 1.8 seconds here.
    timing: { timeoutSecondMs: 1, terminateGraceMs: 300, closeGraceMs: 300 },
  });
  const { db } = database;
  const stopping = new AbortController();
  const running = startDispatcher(
    { ...deps, ...names, sqs: clients.sqs },
    { signal: stopping.signal, sweepEveryMs: 3_600_000, waitTimeSeconds: 1 },
  );
  onTestFinished(async () => {
    stopping.abort();
    await running;
  });
  await ingest({ db }, 10);
  await publisher(deps, names.busName)();
  const newest = () => db.query('select outcome, failure from ops.job order by claimed_at desc limit 1');
  await vi.waitFor(async () => expect(await newest()).toMatchObject([{ outcome: 'failed' }]), 30_000);
  expect(await newest()).toMatchObject([{ failure: expect.stringContaining('exceeded timeout') }]);
  expect(await db.query('select distinct symbol from ops.invalidation')).toHaveLength(4);
  expect(await db.query(`select from ops.outbox where detail_type = 'ResampleFailed'`)).toHaveLength(1);

  program[1] = mainOf('resampler');
  await dispatchPending(deps, { signal: never });
  await vi.waitFor(async () => expect(await newest()).toMatchObject([{ outcome: 'succeeded' }]), 30_000);
  const { faults, rows, lost } = await judge(db, await heard());
  expect(faults).toEqual([]);
  reportFaults(context, { row: 'a job that hangs', points: 1, survived: 1, rows, lost });
});
