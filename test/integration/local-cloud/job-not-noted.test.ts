/** A job of the local Batch while its state cannot be kept, or not be told, as on a full disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Job } from '../../../services/local/cloud/batch/batch-types.ts';
import { startJobRunner } from '../../../services/local/cloud/batch/job-runner.ts';
import { openJobStore } from '../../../services/local/cloud/batch/job-store.ts';
import { openStateDatabase } from '../../../services/local/cloud/state-database.ts';

const full = new Error('database or disk is full');
const job: Job = {
  jobId: 'one',
  jobName: 'one',
  jobArn: 'arn:aws:batch:us-east-1:000000000000:job/one',
  jobQueue: 'arn:aws:batch:us-east-1:000000000000:job-queue/queue',
  jobDefinition: 'arn:aws:batch:us-east-1:000000000000:job-definition/definition:1',
  status: 'SUBMITTED',
  createdAt: Date.now(),
  parameters: {},
  command: ['program'],
  image: 'image',
  environment: [],
  resourceRequirements: [],
  retryStrategy: { attempts: 1, evaluateOnExit: [] },
  attempts: [],
  interruptions: 0,
};

/** Runs a job, of which the `failing`-th call of one kind fails, and returns what was told of it. */
async function run(kind: 'put' | 'announce', failing: number): Promise<{ told: string[]; calls: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'fibbars-not-noted-'));
  const database = openStateDatabase(directory);
  const store = openJobStore(database);
  const told: string[] = [];
  let calls = 0;
  const meet = (what: typeof kind) => {
    if (what === kind && ++calls === failing) throw full;
  };
  const runner = startJobRunner({
    store: {
      ...store,
      put(...jobs) {
        meet('put');
        store.put(...jobs);
      },
    },
    announce(each) {
      meet('announce');
      told.push(each.status);
    },
    logDirectory: directory,
    commands: { program: [process.execPath, '-e', '0'] },
    environment: () => ({}),
    maxVcpus: 1,
    pace: { burst: 1, everyMs: 0 },
    timing: { terminateGraceMs: 100, closeGraceMs: 100, timeoutSecondMs: 1_000 },
    logger: pino({ level: 'silent' }),
  });
  onTestFinished(async () => {
    await runner.close();
    database.close();
    rmSync(directory, { recursive: true });
  });
  try {
    runner.submit([job]);
  } catch (error) {
    // Not accepted, and the caller knows.
    expect(error).toBe(full);
    expect(store.all()).toEqual([]);
    return { told, calls };
  }
  await vi.waitFor(() => expect(told.at(-1)).toBe('SUCCEEDED'), { timeout: 20_000, interval: 50 });
  expect(store.get('one')).toMatchObject({ status: 'SUCCEEDED', attempts: [{ container: { exitCode: 0 } }] });
  return { told, calls };
}

test('it goes on as soon as it can be noted, whichever note was lost', async () => {
  const { calls } = await run('put', Infinity);
  expect(calls).toBe(5);
  const runs = await Promise.all(Array.from({ length: calls }, (_, at) => run('put', at + 1)));
  expect(runs.map(({ told }) => told.length > 0)).toEqual([false, true, true, true, true]);
});

test('it is told of as soon as it can be, whichever word was lost', async () => {
  const { calls } = await run('announce', Infinity);
  expect(calls).toBe(4);
  await Promise.all(Array.from({ length: calls }, (_, at) => run('announce', at + 1)));
});
