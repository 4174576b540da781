import { expect, test } from 'vitest';
import { topology } from '../../../infra/topology.ts';
import { checkRetryStrategy, retries } from '../../../services/local/cloud/batch/retry-strategy.ts';

const { attempts, evaluateOnExit } = topology.batch.resample;
const resample = { attempts, evaluateOnExit: evaluateOnExit.map((rule) => ({ ...rule })) };
const exited = 'Essential container in task exited';

test('an interrupted Spot task is tried again, up to the attempts', () => {
  const end = { exitCode: 143, statusReason: 'Your Spot Task was interrupted.' };
  expect(retries(resample, 1, end)).toBe(true);
  expect(retries(resample, 2, end)).toBe(true);
  expect(retries(resample, 3, end)).toBe(false);
});

test('exit code 75 and a kill are tried again, others are not', () => {
  expect(retries(resample, 1, { exitCode: 75, statusReason: exited })).toBe(true);
  expect(retries(resample, 1, { exitCode: 137, statusReason: exited })).toBe(true);
  expect(retries(resample, 1, { exitCode: 1, statusReason: exited })).toBe(false);
  expect(
    retries(resample, 1, {
      exitCode: 137,
      reason: 'OutOfMemoryError: Container killed',
      statusReason: exited,
    }),
  ).toBe(false);
});

test('without a rule that matches, an attempt is tried again', () => {
  const strategy = { attempts: 2, evaluateOnExit: [{ action: 'EXIT', onExitCode: '4*' }] };
  expect(retries(strategy, 1, { exitCode: 3, statusReason: exited })).toBe(true);
  expect(retries(strategy, 1, { exitCode: 41, statusReason: exited })).toBe(false);
});

test('every condition of a rule must match, and the first rule decides', () => {
  const strategy = {
    attempts: 2,
    evaluateOnExit: [
      { action: 'exit', onExitCode: '1', onReason: 'Cannot*' },
      { action: 'retry', onExitCode: '1' },
    ],
  };
  expect(retries(strategy, 1, { exitCode: 1, reason: 'CannotPull', statusReason: exited })).toBe(false);
  expect(retries(strategy, 1, { exitCode: 1, statusReason: exited })).toBe(true);
});

test('strategies that Batch refuses are refused', () => {
  expect(() => checkRetryStrategy({ attempts: 11 })).toThrow('11');
  expect(() =>
    checkRetryStrategy({ attempts: 2, evaluateOnExit: [{ action: 'RETRY', onReason: 'a*b' }] }),
  ).toThrow('a*b');
  expect(() => checkRetryStrategy({ attempts: 2, evaluateOnExit: [{ action: 'RETRY' }] })).toThrow('rule');
  expect(() =>
    checkRetryStrategy({
      attempts: 2,
      evaluateOnExit: Array.from({ length: 6 }, () => ({ action: 'EXIT', onReason: '*' })),
    }),
  ).toThrow('6');
});
