import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { paced } from '../../../services/dashboard/paced.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Work that takes a while and gives how often it was done. */
function startWork(tookMs: number) {
  let done = 0;
  return vi.fn<() => Promise<number>>(async () => {
    await new Promise((resolve) => {
      setTimeout(resolve, tookMs);
    });
    done++;
    return done;
  });
}

const pace = { leastMs: 100, rest: 10, mostMs: 5_000 };

test('all who ask while it is being made, or soon after, get the same', async () => {
  const work = startWork(1);
  const ask = paced(work, pace);
  const both = Promise.all([ask(), ask()]);
  await vi.advanceTimersByTimeAsync(1);
  expect(await both).toEqual([1, 1]);
  await vi.advanceTimersByTimeAsync(99);
  expect(await ask()).toBe(1);
  await vi.advanceTimersByTimeAsync(2);
  const next = ask();
  await vi.advanceTimersByTimeAsync(1);
  expect(await next).toBe(2);
  expect(work).toHaveBeenCalledTimes(2);
});

test('what takes long rests long, but not for ever', async () => {
  const ask = paced(startWork(200), pace);
  const first = ask();
  await vi.advanceTimersByTimeAsync(200);
  expect(await first).toBe(1);
  await vi.advanceTimersByTimeAsync(1_999);
  expect(await ask()).toBe(1);
  await vi.advanceTimersByTimeAsync(2);
  const second = ask();
  await vi.advanceTimersByTimeAsync(200);
  expect(await second).toBe(2);

  const slow = paced(startWork(10_000), pace);
  const slowly = slow();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await slowly).toBe(1);
  await vi.advanceTimersByTimeAsync(5_001);
  const again = slow();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await again).toBe(2);
});

test('a failure is told once, and the next one to ask has it done again', async () => {
  const work = vi.fn<() => Promise<number>>().mockRejectedValueOnce(new Error('away')).mockResolvedValue(1);
  const ask = paced(work, pace);
  await expect(ask()).rejects.toThrow('away');
  expect(await ask()).toBe(1);
});

test('the last result is given while the next is being made, where that is wanted', async () => {
  const ask = paced(startWork(50), { ...pace, giveLast: true });
  const first = ask();
  await vi.advanceTimersByTimeAsync(50);
  expect(await first).toBe(1);
  await vi.advanceTimersByTimeAsync(501);
  expect(await ask()).toBe(1);
  await vi.advanceTimersByTimeAsync(50);
  expect(await ask()).toBe(2);
});
