import { expect, it } from 'vitest';
import type { TestModule } from 'vitest/node';
import { countTests, formatCounts } from '../../support/count-reporter.ts';

type State = 'passed' | 'failed' | 'skipped' | 'pending';

function moduleOf(states: State[], { errors = 0, suiteErrors = 0 } = {}): TestModule {
  return {
    errors: () => Array.from({ length: errors }),
    children: {
      allSuites: () => [{ errors: () => Array.from({ length: suiteErrors }) }],
      allTests: () => states.map((state) => ({ result: () => ({ state }) })),
    },
  } as unknown as TestModule;
}

it('counts tests over all files', () => {
  const counts = countTests([moduleOf(['passed', 'passed', 'skipped']), moduleOf(['failed', 'pending'])]);
  expect(counts).toEqual({ passed: 2, failed: 1, skipped: 2 });
});

it('counts a file that does not load, and a suite whose hooks fail, as failed', () => {
  expect(countTests([moduleOf([], { errors: 1 })]).failed).toBe(1);
  expect(countTests([moduleOf(['skipped'], { suiteErrors: 1 })])).toEqual({
    passed: 0,
    failed: 1,
    skipped: 1,
  });
});

it('names skipped tests only when there are some', () => {
  expect(formatCounts({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(formatCounts({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
});
