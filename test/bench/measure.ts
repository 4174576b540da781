export type Measured = {
  readonly work: string;
  readonly floor: string;
  /** Milliseconds, medians. */
  readonly workMs: number;
  readonly floorMs: number;
  /** Of the medians: what to hold on to, since machines differ. */
  readonly ratio: number;
  /** At most this; null: none set. */
  readonly goal: number | null;
};

export type Trial = {
  readonly work: string;
  readonly floor: string;
  readonly goal: number | null;
  /** Neither is counted: brings the database to where the trial starts. */
  readonly prepare?: () => Promise<void>;
  /** Both return the milliseconds that count. */
  readonly run: () => Promise<number>;
  readonly runFloor: () => Promise<number>;
};

/** Work and floor in turn, so that a machine that slows down slows both. */
export async function measure(trial: Trial, rounds: number): Promise<Measured> {
  const work: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await trial.prepare?.();
    work.push(await trial.run());
    floor.push(await trial.runFloor());
  }
  const [workMs, floorMs] = [median(work), median(floor)];
  return { work: trial.work, floor: trial.floor, goal: trial.goal, workMs, floorMs, ratio: workMs / floorMs };
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
