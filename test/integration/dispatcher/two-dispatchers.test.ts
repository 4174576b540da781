import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { barsIngested, type DispatcherBench, startDispatcherBench } from './dispatcher-bench.ts';

let bench: DispatcherBench;
beforeAll(async () => {
  bench = await startDispatcherBench();
});
afterAll(() => bench.close());

const symbols = ['A', 'AAPL', 'CPS', 'CpS', 'MSFT', 'Z'];
const some = () => symbols.filter(() => Math.random() < 0.5);
const chosen = () => (some().length > 0 ? some() : symbols);
const pause = () => sleep(Math.random() * 6);
const rounds = 200;
const timeoutMs = 240_000;

/** An event, and the same once more. */
async function ingestAndTell(): Promise<void> {
  const event = await bench.ingest(chosen(), { during: pause });
  await Promise.all([bench.handle(event), bench.handle(event)]);
}

function expectOneSubmissionEach(jobs: { id: string }[]): void {
  expect(bench.batch.jobs.map((job) => job.parameters.job).toSorted()).toEqual(
    jobs.map((job) => job.id).toSorted(),
  );
}

test(
  'claims made at once never cover the same work twice, and leave none uncovered',
  async () => {
    for (let round = 0; round < rounds; round++) {
      await Promise.all([
        ingestAndTell(),
        ingestAndTell(),
        bench.handle(barsIngested(crypto.randomUUID(), ['A'])),
      ]);
      expect(await bench.coverage()).toEqual({ uncovered: 0, twice: 0 });
      // Each third round begins without a job that waits, so that claims are made and not only extended.
      if (round % 3 === 0) {
        for (const job of (await bench.jobs()).filter((each) => each.outcome === null))
          await bench.run(job.id);
      }
    }
    expectOneSubmissionEach(await bench.jobs());
  },
  timeoutMs,
);

test(
  'with jobs that start and end in the middle of claims, none is left uncovered',
  async () => {
    await bench.clear();
    const done = new AbortController();
    const running = (async () => {
      while (!done.signal.aborted) {
        const [job] = (await bench.jobs()).filter((each) => each.outcome === null);
        if (job) await bench.run(job.id);
        await pause();
      }
    })();
    for (let round = 0; round < rounds; round++) {
      await Promise.all([ingestAndTell(), ingestAndTell()]);
      expect((await bench.coverage()).uncovered).toBe(0);
    }
    done.abort();
    await running;
    for (const job of (await bench.jobs()).filter((each) => each.outcome === null)) await bench.run(job.id);
    expect(await bench.db.query('select from ops.invalidation')).toEqual([]);
    expectOneSubmissionEach(await bench.jobs());
  },
  timeoutMs,
);
