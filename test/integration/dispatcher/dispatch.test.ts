import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { dispatchPending } from '../../../services/dispatcher/dispatch.ts';
import { sweep } from '../../../services/dispatcher/sweep.ts';
import {
  barsIngested,
  type DispatcherBench,
  jobStateChange,
  startDispatcherBench,
} from './dispatcher-bench.ts';

let bench: DispatcherBench;
beforeAll(async () => {
  bench = await startDispatcherBench();
});
beforeEach(() => bench.clear());
afterAll(() => bench.close());

const only = <T>(list: readonly T[]): T => {
  expect(list).toHaveLength(1);
  return list[0] as T;
};

test('one event makes one job for its symbols and every interval', async () => {
  await bench.handle(await bench.ingest(['MSFT', 'AAPL']));
  const submitted = only(bench.batch.jobs);
  const job = only(await bench.jobs());
  expect(job).toMatchObject({ symbols: ['AAPL', 'MSFT'], batch_job_id: submitted.jobId, outcome: null });
  expect(submitted).toMatchObject({
    jobName: `resample-${job.id}`,
    parameters: { job: job.id, intervals: '3,5,8,13,21,34' },
  });
  expect(submitted.arrayProperties).toBeUndefined();
});

test('ten events in one batch make one job', async () => {
  const bodies: string[] = [];
  for (let i = 0; i < 10; i++) bodies.push(await bench.ingest([`S${i}`, 'AAPL']));
  await bench.handle(...bodies);
  only(bench.batch.jobs);
  expect(only(await bench.jobs()).symbols).toHaveLength(11);
});

test('events that come before the job starts are taken along, whatever their symbols', async () => {
  await bench.handle(await bench.ingest(['AAPL']));
  await bench.handle(await bench.ingest(['AAPL']));
  await bench.handle(await bench.ingest(['CpS', 'CPS']));
  only(bench.batch.jobs);
  expect(only(await bench.jobs()).symbols).toEqual(['AAPL', 'CPS', 'CpS']);
  expect(await bench.coverage()).toEqual({ uncovered: 0, twice: 0 });
});

test('an event that arrives while its job runs makes a second job', async () => {
  await bench.handle(await bench.ingest(['AAPL']));
  await bench.start(only(await bench.jobs()).id);
  await bench.handle(await bench.ingest(['AAPL']));
  expect(bench.batch.jobs).toHaveLength(2);
  expect((await bench.coverage()).uncovered).toBe(0);
});

test('an event that was committed before the job started makes none while it runs', async () => {
  await bench.handle(await bench.ingest(['AAPL']));
  const late = await bench.ingest(['AAPL']);
  await bench.start(only(await bench.jobs()).id);
  await bench.handle(late);
  expect(bench.batch.jobs).toHaveLength(1);
});

test('an event that is committed while its job starts is not lost between the two', async () => {
  await bench.handle(await bench.ingest(['AAPL']));
  const { id } = only(await bench.jobs());
  let handled: Promise<void> = Promise.resolve();
  await bench.db.transaction(async (client) => {
    await client.query(
      'update ops.job set started_at = clock_timestamp(), started_snapshot = pg_current_snapshot() where id = $1',
      [id],
    );
    handled = bench.handle(await bench.ingest(['AAPL']));
    // Long enough for a claim that does not wait to look at the job, which seems not to have started.
    await client.query('select pg_sleep(0.3)');
  });
  await handled;
  expect(bench.batch.jobs).toHaveLength(2);
  expect((await bench.coverage()).uncovered).toBe(0);
});

test('a writer that took its ids first and commits last is not overlooked', async () => {
  let first = '';
  const slow = await bench.ingest(['AAPL'], {
    during: async () => {
      first = await bench.ingest(['MSFT']);
      await bench.handle(first);
      await bench.run(only(await bench.jobs()).id);
    },
  });
  await bench.handle(slow);
  expect(bench.batch.jobs).toHaveLength(2);
  expect((await bench.jobs())[1]?.symbols).toEqual(['AAPL']);
});

test('a duplicate submits nothing, also after its job failed', async () => {
  const event = await bench.ingest(['AAPL']);
  await bench.handle(event);
  await bench.handle(event);
  await bench.handle(event, event);
  await bench.handle(jobStateChange(only(bench.batch.jobs), 'FAILED'));
  await bench.handle(event);
  expect(bench.batch.jobs).toHaveLength(1);
});

test('events out of order and late ones leave nothing uncovered and submit no job in vain', async () => {
  const events: string[] = [];
  for (let i = 0; i < 4; i++) events.push(await bench.ingest(['AAPL'], { tradingDay: `2026-11-0${i + 2}` }));
  await bench.handle(events[3] ?? '');
  await bench.run(only(await bench.jobs()).id);
  for (const late of events.slice(0, 3).toReversed()) await bench.handle(late);
  only(bench.batch.jobs);
  expect(await bench.coverage()).toEqual({ uncovered: 0, twice: 0 });
});

test('with nothing pending there is no job and no event', async () => {
  await bench.handle(barsIngested('0b3c9d52-6f0e-4a86-9d3c-0c7a5f1f6a77', ['AAPL']));
  expect(bench.batch.jobs).toEqual([]);
  expect(await bench.jobs()).toEqual([]);
  expect(bench.bus.requests).toEqual([]);
});

test('work of many bars is an array job over shards of symbols', async () => {
  const symbols = Array.from({ length: 20 }, (_, i) => `S${i}`);
  const event = await bench.ingest(symbols);
  await bench.db.query(`update ops.symbol set bar_count = 1000000, first_date = '2000-01-03'; `);
  await bench.db.query(`update ops.invalidation set from_date = '2000-01-03'`);
  await bench.handle(event);
  expect(only(bench.batch.jobs).arrayProperties).toEqual({ size: 10 });
  const { id } = only(await bench.jobs());
  await bench.run(id);
  expect(only(await bench.jobs()).outcome).toBe('succeeded');
});

test('a night over as many symbols is one plain job', async () => {
  const symbols = Array.from({ length: 200 }, (_, i) => `S${i}`);
  const event = await bench.ingest(symbols);
  await bench.db.query(`update ops.symbol set bar_count = 1000000, first_date = '2000-01-03'`);
  await bench.handle(event);
  expect(only(bench.batch.jobs).arrayProperties).toBeUndefined();
});

test('a failed job is told of once, and its work waits for the next event', async () => {
  await bench.handle(await bench.ingest(['AAPL', 'MSFT']));
  const submitted = only(bench.batch.jobs);
  const failed = jobStateChange(submitted, 'FAILED');
  await bench.handle(failed);
  await bench.handle(failed, failed);
  await sweep(bench.deps, { signal: bench.signal, minimumAgeMs: 0, onlyLost: true });
  only(bench.batch.jobs);
  expect(only(bench.published('ResampleFailed'))).toMatchObject({
    data: {
      batchJobId: submitted.jobId,
      intervals: [3, 5, 8, 13, 21, 34],
      symbolCount: 2,
      attempts: 2,
      reason: 'Essential container in task exited; exit code 137',
    },
    metadata: { cause: 'live', producer: 'dispatcher' },
  });
  await bench.handle(await bench.ingest(['CPS']));
  expect((await bench.jobs())[1]?.symbols).toEqual(['AAPL', 'CPS', 'MSFT']);
});

test('a job that ended takes up what no job covers', async () => {
  await bench.handle(await bench.ingest(['AAPL']));
  const { id } = only(await bench.jobs());
  await bench.ingest(['MSFT']);
  await bench.run(id);
  await bench.handle(jobStateChange(only(bench.batch.jobs), 'SUCCEEDED'));
  expect(bench.batch.jobs).toHaveLength(2);
});

test('an event that came with the end of a job counts as handled', async () => {
  await bench.handle(await bench.ingest(['AAPL']));
  const { id } = only(await bench.jobs());
  const event = await bench.ingest(['MSFT']);
  await bench.run(id);
  await bench.handle(jobStateChange(only(bench.batch.jobs), 'SUCCEEDED'), event);
  const second = bench.batch.jobs[1];
  expect(bench.batch.jobs).toHaveLength(2);
  if (second) await bench.handle(jobStateChange(second, 'FAILED'));
  // Its work waits for the next event, and this is none.
  await bench.handle(event);
  expect(bench.batch.jobs).toHaveLength(2);
});

test('the end of a job of others, or of a namesake of ours, changes nothing', async () => {
  await bench.handle(await bench.ingest(['AAPL']));
  const { jobName } = only(bench.batch.jobs);
  await bench.handle(jobStateChange({ jobName: 'nightly-backup', jobId: 'x' }, 'FAILED'));
  await bench.handle(jobStateChange({ jobName, jobId: 'another' }, 'FAILED'));
  expect(only(await bench.jobs()).outcome).toBeNull();
});

test('a replay of the archive counts once for each of its names', async () => {
  const event = await bench.ingest(['AAPL', 'MSFT']);
  await bench.ingest(['CPS'], { tradingDay: '2026-11-20' });
  await dispatchPending(bench.deps, { signal: bench.signal });
  await bench.run(only(await bench.jobs()).id);
  const again = JSON.stringify({ ...JSON.parse(event), 'replay-name': 'november' });
  await bench.handle(again);
  await bench.handle(again, again);
  const pending = await bench.db.query(
    `select symbol, from_date, through_date, reason, kind, cause
     from ops.invalidation join ops.change on change.id = change_id order by symbol`,
  );
  const replayed = {
    from_date: '2026-11-23',
    through_date: '2026-11-23',
    reason: 'replay',
    kind: 'replay',
    cause: 'replay',
  };
  expect(pending).toEqual([
    { symbol: 'AAPL', ...replayed },
    { symbol: 'MSFT', ...replayed },
  ]);
  expect(bench.batch.jobs).toHaveLength(2);
  await bench.run((await bench.jobs())[1]?.id ?? '');
  await bench.handle(again);
  expect(bench.batch.jobs).toHaveLength(2);
  await bench.handle(JSON.stringify({ ...JSON.parse(event), 'replay-name': 'november again' }));
  expect(bench.batch.jobs).toHaveLength(3);
});
