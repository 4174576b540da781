/** Long reckoning beside a connection that sends. */
import { setImmediate } from 'node:timers/promises';

/** Short beside what a socket's buffers hold, long beside what a turn of the event loop costs. */
const turnMs = 1;

/** Runs the steps to their end, and lets the event loop turn every millisecond. */
export async function inTurns<T>(steps: Iterator<unknown, T>): Promise<T> {
  let turnEnd = performance.now() + turnMs;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() < turnEnd) continue;
    await setImmediate();
    turnEnd = performance.now() + turnMs;
  }
}

/** Waits for both, also when one fails: a connection whose COPY has not ended could not roll back. */
export async function bothDone<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return await Promise.all([first, second]);
}
