import type { Reporter, TestModule, Vitest } from 'vitest/node';

export type Counts = { passed: number; failed: number; skipped: number };

/** Ends the output with `N passed, N failed`, and `, N skipped` when there are some, on a line of its own. */
export class CountReporter implements Reporter {
  private counts: Counts = { passed: 0, failed: 0, skipped: 0 };

  onInit(_vitest: Vitest): void {
    // Other reporters and the global teardown write until the very end.
    process.once('exit', (exitCode) => {
      // A run that broke before it had tests to count has failed all the same.
      if (exitCode !== 0 && this.counts.failed === 0) this.counts.failed = 1;
      process.stdout.write(`${formatCounts(this.counts)}\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    this.counts = countTests(modules);
    this.counts.failed += unhandledErrors.length;
  }
}

/** A file that does not load, and a suite whose hooks fail, count as one failed test each. */
export function countTests(modules: readonly Pick<TestModule, 'errors' | 'children'>[]): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const module of modules) {
    if (module.errors().length > 0) counts.failed++;
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) counts.failed++;
    }
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      counts[state === 'pending' ? 'skipped' : state]++;
    }
  }
  return counts;
}

export function formatCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
