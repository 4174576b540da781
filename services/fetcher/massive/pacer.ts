export type Pacer = {
  /** Books the next call. @returns how long to wait before it, in ms. */
  book(nowMs: number): number;
  /** Books nothing before an instant. */
  pauseUntil(ms: number): void;
};

/** A minute, and what clocks and networks may stretch or shrink it by. */
const windowMs = 60_500;

/** Spaces calls so that no minute has more than `callsPerMinute`; those of the first minute go at once. */
export function createPacer(callsPerMinute: number): Pacer {
  /** Of the newest calls, oldest first: at most as many as a minute takes. */
  const booked: number[] = [];
  let pausedUntil = Number.NEGATIVE_INFINITY;
  return {
    book(nowMs) {
      const free = booked.length < callsPerMinute ? nowMs : (booked.shift() ?? nowMs) + windowMs;
      const at = Math.max(nowMs, free, pausedUntil);
      booked.push(at);
      return at - nowMs;
    },
    pauseUntil(ms) {
      pausedUntil = Math.max(pausedUntil, ms);
    },
  };
}
