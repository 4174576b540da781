export type Pace = {
  /** How long a result is good for at least. */
  readonly leastMs: number;
  /** How many times longer than it took a result is good for: 20 keep the work below a 20th of the time. */
  readonly rest: number;
  readonly mostMs: number;
  /** Give the last result while the next is being made, rather than wait for it. */
  readonly giveLast?: boolean;
};

/**
 * The same function, but no more often than it can be afforded: until a result is too old all get that one, and all who ask while it
 * is being made wait for the same.
 */
export function paced<T>(
  work: () => Promise<T>,
  { leastMs, rest, mostMs, giveLast = false }: Pace,
): () => Promise<T> {
  let last: Promise<T> | undefined;
  let making: Promise<T> | undefined;
  let goodUntil = 0;

  async function make(): Promise<T> {
    const startedMs = performance.now();
    try {
      const result = await work();
      last = Promise.resolve(result);
      goodUntil =
        performance.now() + Math.min(mostMs, Math.max(leastMs, (performance.now() - startedMs) * rest));
      return result;
    } catch (error) {
      // Told to those who wait for it, and to nobody after.
      last = undefined;
      throw error;
    }
  }

  return () => {
    if (last && performance.now() < goodUntil) return last;
    making ??= make().finally(() => {
      making = undefined;
    });
    if (!last || !giveLast) return making;
    // Whoever asks next is told of a failure.
    making.catch(() => {});
    return last;
  };
}
