/** Minutes that a soak lasts (`FIBBARS_TEST_SOAK_MINUTES`); 0: this is none, and rounds are counted. */
export const soakMinutes = Number(process.env['FIBBARS_TEST_SOAK_MINUTES'] ?? 0);
const progressEveryMs = 60_000;

/** "15 rounds", or of a soak "60 minutes". */
export const extentOf = (count: number) => (soakMinutes > 0 ? `${soakMinutes} minutes` : `${count} rounds`);

/**
 * Seeds of the rounds of a random test: 0, 1, 2 and so on for each of `count` rounds. A soak has as many as begin within its minutes,
 * from a seed of its own, and says each minute how far it is. `FIBBARS_TEST_SEED` is another first seed: that of a failure repeats it.
 */
export function* seeds(what: string, count: number): Generator<number> {
  const start = Date.now();
  const first = Number(process.env['FIBBARS_TEST_SEED'] ?? (soakMinutes > 0 ? start % 2 ** 31 : 0));
  const end = start + soakMinutes * 60_000;
  const isOver = (round: number) => (soakMinutes > 0 ? Date.now() >= end : round >= count);
  let told = start;
  for (let round = 0; !isOver(round); round++) {
    yield first + round;
    if (soakMinutes === 0 || Date.now() < told + progressEveryMs) continue;
    told = Date.now();
    const minutes = Math.floor((told - start) / 60_000);
    process.stderr.write(
      `${what}: ${round + 1} rounds from seed ${first}, ${minutes} of ${soakMinutes} minutes\n`,
    );
  }
}
