/** What SubmitJob and ListJobs can answer, in every order of three: taken, throttled, refused, broken off, taken without an answer. */
import { BatchClient } from '@aws-sdk/client-batch';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handleMessages } from '../../services/dispatcher/handler.ts';
import { parseMessage } from '../../services/dispatcher/messages.ts';
import { sweep } from '../../services/dispatcher/sweep.ts';
import { type DispatcherBench, startDispatcherBench } from '../integration/dispatcher/dispatcher-bench.ts';
import type { SubmitAnswer } from '../support/scripted-batch.ts';
import { isFull, reportFaults } from './support/fault-figures.ts';

/** Some, since each waits between its attempts. */
const benchCount = 6;

let benches: DispatcherBench[];
beforeAll(async () => {
  benches = await Promise.all(Array.from({ length: benchCount }, startDispatcherBench));
});
afterAll(async () => {
  for (const bench of benches) await bench.close();
});

const answers: readonly SubmitAnswer[] = ['accept', 'lose-answer', 'time-out', 'break', 'refuse', 'throttle'];
const orders = answers.flatMap((first) =>
  answers.flatMap((second) =>
    answers.flatMap((third) => [true, false].map((listing) => ({ first, second, third, listing }))),
  ),
);

test('each order leaves one job of Batch for the work, and none in doubt', {
  timeout: 600_000,
}, async (context) => {
  const chosen = orders.filter((_, index) => isFull || index % 17 === 0);
  const queue = chosen.values();
  await Promise.all(
    benches.map(async (bench) => {
      const batch = new BatchClient({
        endpoint: bench.batch.endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        maxAttempts: 1,
        requestHandler: { requestTimeout: 200, throwOnRequestTimeout: true },
      });
      for (const { first, second, third, listing } of queue) {
        await bench.clear();
        bench.batch.answers.push(first, second, third);
        bench.batch.listing = listing;
        const patient = { ...bench, deps: { ...bench.deps, batch } };
        await expectOneJob(patient, `${first}, ${second}, ${third}, ${listing ? 'listed' : 'not listed'}`);
      }
      batch.destroy();
    }),
  );
  reportFaults(context, {
    row: 'SubmitJob throttled, refused, broken off, accepted and timed out',
    points: chosen.length,
    survived: chosen.length,
    rows: 0,
    lost: 0,
  });
});

async function expectOneJob(bench: DispatcherBench, order: string): Promise<void> {
  const { deps, signal, batch } = bench;
  const event = await bench.ingest(['AAPL']);
  // As the queue does: again, until it is handled.
  for (let receive = 1; receive <= 4 && !(await handled(bench, event)); receive++);
  batch.listing = true;
  batch.answers.length = 0;
  // As time passes, and by a client that waits for an answer as long as it takes.
  await sweep({ ...deps, batch: batch.client }, { signal, minimumAgeMs: 0 });
  const live = (await bench.jobs()).filter(({ outcome }) => outcome === null);
  const claims = batch.jobs.map(({ parameters }) => parameters.job);
  expect({
    order,
    live: live.length,
    known: live.filter(({ batch_job_id: id }) => id !== null).length,
    submitted: claims.filter((claim) => claim === live[0]?.id).length,
    twice: claims.length - new Set(claims).size,
    coverage: await bench.coverage(),
  }).toEqual({ order, live: 1, known: 1, submitted: 1, twice: 0, coverage: { uncovered: 0, twice: 0 } });
}

async function handled({ deps, signal }: DispatcherBench, body: string): Promise<boolean> {
  try {
    await handleMessages(deps, [parseMessage({ body })], signal);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    return false;
  }
}
