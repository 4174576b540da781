/** Jobs that Batch has taken and does not start, and what the sweep makes of them. */
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sweep } from '../../../services/dispatcher/sweep.ts';
import type { SubmittedJob } from '../../support/scripted-batch.ts';
import { type DispatcherBench, startDispatcherBench } from './dispatcher-bench.ts';

let bench: DispatcherBench;
let log: { msg: string; status?: string; statusReason?: string }[] = [];
const logger = pino({}, { write: (line) => log.push(JSON.parse(line) as (typeof log)[number]) });
beforeAll(async () => {
  bench = await startDispatcherBench();
});
beforeEach(async () => {
  await bench.clear();
  log = [];
});
afterAll(() => bench.close());

const sweepNow = () => sweep({ ...bench.deps, logger }, { signal: bench.signal, onlyLost: true });
const statusReason = 'MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS - the role may not';

/** A job that was submitted so long ago, and waits. */
async function submitted(minutesAgo: number, symbol = 'AAPL'): Promise<string> {
  await bench.handle(await bench.ingest([symbol]));
  const job = (await bench.jobs()).at(-1);
  const detail = bench.batch.jobs.at(-1);
  if (job === undefined || detail === undefined) throw new Error('no job was submitted');
  detail.statusReason = statusReason;
  await bench.db.query(
    `update ops.job set claimed_at = claimed_at - make_interval(mins => $2), submitted_at = submitted_at - make_interval(mins => $2)
      where id = $1`,
    [job.id, minutesAgo],
  );
  return job.id;
}

test('a job that waits for 14 minutes is nothing to speak of', async () => {
  await submitted(14);
  await sweepNow();
  expect(log).toEqual([]);
  expect(bench.batch.jobs).toHaveLength(1);
});

test('one that waits longer is told of in the log, with what Batch says', async () => {
  await submitted(16);
  await sweepNow();
  expect(log).toMatchObject([{ msg: 'A job waits long for its start', status: 'RUNNABLE', statusReason }]);
  expect(bench.batch.jobs).toHaveLength(1);
});

test('one that has not started after an hour is given up and told of, and its work is in a new one', async () => {
  await submitted(61);
  // All that comes is added to it: nothing would ever be worked in.
  await bench.handle(await bench.ingest(['MSFT']));
  expect(bench.batch.jobs).toHaveLength(1);
  await sweepNow();
  await sweepNow();
  expect(bench.published('ResampleFailed')).toMatchObject([
    {
      data: { symbolCount: 2, reason: `not started after 61 minutes, Batch says RUNNABLE: ${statusReason}` },
    },
  ]);
  expect(bench.batch.jobs).toHaveLength(2);
  expect(await bench.jobs()).toMatchObject([
    { outcome: 'failed' },
    { outcome: null, symbols: ['AAPL', 'MSFT'] },
  ]);
  expect(await bench.coverage()).toEqual({ uncovered: 0, twice: 0 });
});

test('it may start after all, and then ends', async () => {
  const id = await submitted(61);
  await sweepNow();
  expect(await bench.start(id)).toBeUndefined();
});

/** Batch says so of the job that was submitted last. */
function say(detail: Partial<SubmittedJob>): void {
  Object.assign(bench.batch.jobs.at(-1) ?? {}, detail);
}

const moveJob = (id: string, column: 'started_at' | 'finished_at', minutes: number) =>
  bench.db.query(`update ops.job set ${column} = ${column} - make_interval(mins => $2) where id = $1`, [
    id,
    minutes,
  ]);

test.each<[string, Partial<SubmittedJob>]>([
  ['runs', { status: 'RUNNING' }],
  ['has shards that run', { status: 'PENDING', arrayProperties: { size: 3, statusSummary: { RUNNING: 1 } } }],
])('one behind another that %s, or did of late, waits for its turn', async (_, atWorkDetail) => {
  const atWork = await submitted(190);
  say(atWorkDetail);
  await bench.start(atWork);
  await moveJob(atWork, 'started_at', 180);
  await submitted(170, 'MSFT');
  await sweepNow();
  await bench.run(atWork);
  await sweepNow();
  expect(log).toEqual([]);
  expect(bench.batch.jobs).toHaveLength(2);
  await moveJob(atWork, 'finished_at', 62);
  await sweepNow();
  expect(bench.batch.jobs).toHaveLength(3);
});

test('one that was interrupted and does not start again is given up, and so are those behind it', async () => {
  const interrupted = await submitted(300);
  say({ attempts: [{ stoppedAt: Date.now() - 50 * 60_000 }] });
  await bench.start(interrupted);
  await moveJob(interrupted, 'started_at', 200);
  await submitted(100, 'MSFT');
  await sweepNow();
  expect(await bench.jobs()).toMatchObject([{ outcome: null }, { outcome: null }]);
  const [first] = bench.batch.jobs;
  if (first) first.attempts = [{ stoppedAt: Date.now() - 61 * 60_000 }];
  await sweepNow();
  await sweepNow();
  expect(bench.published('ResampleFailed')).toMatchObject([
    { data: { reason: expect.stringMatching(/^not started again after 61 minutes, Batch says RUNNABLE/) } },
    { data: { reason: expect.stringMatching(/^not started after 61 minutes, Batch says RUNNABLE/) } },
  ]);
  expect(await bench.coverage()).toEqual({ uncovered: 0, twice: 0 });
});
