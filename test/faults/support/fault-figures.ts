import type { TestContext } from 'vitest';

/** Figures of one row of the fault matrix. */
export type FaultFigures = {
  /** As the table names it. */
  readonly row: string;
  /** Moments, orders or combinations that were tried. */
  readonly points: number;
  /** Of these, those after which all was as it had to be. */
  readonly survived: number;
  /** Rows of silver compared with the definition. */
  readonly rows: number;
  /** Events that were committed and reached nobody. */
  readonly lost: number;
};

declare module 'vitest' {
  interface TaskMeta {
    faults?: FaultFigures;
  }
}

/** Whether every point is tried, as `npm run test:faults` does; otherwise a part of them. */
export const isFull = process.env['FIBBARS_TEST_FAULTS'] === 'all';

/** Has the end of the run tell of the test's figures. */
export function reportFaults({ task }: Pick<TestContext, 'task'>, figures: FaultFigures): void {
  task.meta.faults = figures;
}
