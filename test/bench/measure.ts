import type { Market } from './market.ts';

/** What the ratio is held against: at most this ratio, or at least this many times faster. */
export type Goal = { readonly atMost: number } | { readonly faster: number } | null;

/** What is to be read: work / floor, floor / work, or work − floor. */
export type Shows = 'ratio' | 'times faster' | 'difference';

export type Measured = {
  /** Its word in --only. */
  readonly row: string;
  readonly market: Market;
  readonly rounds: number;
  readonly work: string;
  readonly floor: string;
  readonly unit: 'ms' | 'MB' | '×';
  /** Medians, in `unit`. */
  readonly workValue: number;
  readonly floorValue: number;
  /** Of work and floor: what to hold on to, since machines differ. */
  readonly ratio: number;
  readonly goal: Goal;
  readonly shows: Shows;
};

export type Work = {
  readonly name: string;
  readonly goal: Goal;
  /** Not counted: brings the database to where the work starts. */
  readonly prepare?: () => Promise<void>;
  /** Returns the milliseconds that count. */
  readonly run: () => Promise<number>;
};

/** One floor, and the works that are held against it. */
export type Trial = {
  readonly works: readonly Work[];
  readonly floor: string;
  /** Returns the milliseconds that count. */
  readonly runFloor: () => Promise<number>;
  /** One uncounted round before: where milliseconds count, connections and plans must be as warm as they stay. */
  readonly warmUp?: boolean;
  readonly shows?: Shows;
};

export type TrialOptions = {
  readonly rounds: number;
  readonly signal: AbortSignal;
  readonly onRound?: (round: number) => void;
};

export type Comparison = Omit<Measured, 'row' | 'market' | 'rounds' | 'ratio'>;

/** Works and floor in turn, so that a machine that slows down slows all of them. */
export async function measure(
  trial: Trial,
  { rounds, signal, onRound }: TrialOptions,
): Promise<Comparison[]> {
  const works: number[][] = trial.works.map(() => []);
  const floors: number[] = [];
  for (let round = trial.warmUp ? -1 : 0; round < rounds; round++) {
    signal.throwIfAborted();
    onRound?.(round + 1);
    for (const [index, work] of trial.works.entries()) {
      await work.prepare?.();
      const ms = await work.run();
      if (round >= 0) works[index]?.push(ms);
    }
    const ms = await trial.runFloor();
    if (round >= 0) floors.push(ms);
  }
  return trial.works.map(({ name, goal }, index) => ({
    work: name,
    floor: trial.floor,
    unit: 'ms',
    workValue: median(works[index] ?? []),
    floorValue: median(floors),
    goal,
    shows: trial.shows ?? 'ratio',
  }));
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
