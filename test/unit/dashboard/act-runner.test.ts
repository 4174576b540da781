import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import {
  type ActOutcome,
  type ActWork,
  createActRunner,
} from '../../../services/dashboard/acts/act-runner.ts';
import type { Act } from '../../../services/dashboard/api.ts';

/** A runner whose verify ends when the test says so. */
function startRunner() {
  const told: Act[] = [];
  const begun: { work: ActWork; end: (outcome: ActOutcome) => void; fail: (error: Error) => void }[] = [];
  const runner = createActRunner({
    acts: {
      replay: () => Promise.reject(new Error('not here')),
      redrive: () => Promise.reject(new Error('not here')),
      verify: (_request, work) =>
        new Promise((end, fail) => {
          begun.push({ work, end, fail });
        }),
    },
    tell: (act) => told.push(act),
    logger: pino({ level: 'silent' }),
  });
  return { runner, told, begun };
}

test('an act tells how far it is, and what came of it', async () => {
  const { runner, told, begun } = startRunner();
  const act = runner.start({ kind: 'verify' });
  expect(act).toMatchObject({
    command: 'npm run fibbars -- verify',
    state: 'running',
    done: 0,
    total: null,
    unit: 'symbols',
    outcome: null,
  });
  begun[0]?.work.onProgress(3, 10);
  // Too soon for the eye.
  begun[0]?.work.onProgress(4, 10);
  begun[0]?.work.onProgress(10, 10);
  begun[0]?.end({ outcome: '0 differences', ok: true });
  await vi.waitFor(() => expect(runner.list()[0]?.state).toBe('done'));
  expect(told.map(({ state, done, total, outcome }) => [state, done, total, outcome])).toEqual([
    ['running', 0, null, null],
    ['running', 3, 10, null],
    ['running', 10, 10, null],
    ['done', 10, 10, '0 differences'],
  ]);
});

test('one act runs at a time, and the next when it has ended', async () => {
  const { runner, begun } = startRunner();
  runner.start({ kind: 'verify' });
  expect(() => runner.start({ kind: 'redrive' })).toThrow(
    expect.objectContaining({ status: 409, message: expect.stringContaining('verify still runs') }),
  );
  expect(runner.list()).toHaveLength(1);
  begun[0]?.end({ outcome: 'differs', ok: false });
  await vi.waitFor(() => expect(runner.list()[0]?.state).toBe('failed'));
  runner.start({ kind: 'verify', symbols: ['AAPL'] });
  expect(runner.list().map(({ request }) => request)).toEqual([
    { kind: 'verify', symbols: ['AAPL'] },
    { kind: 'verify' },
  ]);
});

test('stop aborts the work, whether it returns or throws, and leaves what has ended as it is', async () => {
  const { runner, begun } = startRunner();
  const first = runner.start({ kind: 'verify' });
  runner.stop(first.id);
  expect(begun[0]?.work.signal.aborted).toBe(true);
  begun[0]?.end({ outcome: 'Stopped after 2018-01-05', ok: false });
  await vi.waitFor(() =>
    expect(runner.list()[0]).toMatchObject({ state: 'stopped', outcome: 'Stopped after 2018-01-05' }),
  );
  const second = runner.start({ kind: 'verify' });
  runner.stop(second.id);
  begun[1]?.fail(new Error('aborted'));
  await vi.waitFor(() =>
    expect(runner.list()[0]).toMatchObject({ state: 'stopped', outcome: 'Stopped before the end' }),
  );
  expect(runner.stop(first.id)).toMatchObject({ state: 'stopped' });
  expect(() => runner.stop('none')).toThrow(expect.objectContaining({ status: 404 }));
});

test('an act that throws has failed with the words of the error', async () => {
  const { runner, begun } = startRunner();
  runner.start({ kind: 'verify' });
  begun[0]?.fail(new Error('the database is away'));
  await vi.waitFor(() =>
    expect(runner.list()[0]).toMatchObject({ state: 'failed', outcome: 'the database is away' }),
  );
});

test('close stops what runs and waits for it', async () => {
  const { runner, begun } = startRunner();
  runner.start({ kind: 'verify' });
  let closed = false;
  const close = async () => {
    await runner.close();
    closed = true;
  };
  const closing = close();
  expect(begun[0]?.work.signal.aborted).toBe(true);
  await Promise.resolve();
  expect(closed).toBe(false);
  begun[0]?.end({ outcome: '', ok: true });
  await closing;
});
