import { defineConfig } from 'vitest/config';
import { FaultReporter } from './test/faults/support/fault-reporter.ts';
import { CountReporter } from './test/support/count-reporter.ts';

export default defineConfig({
  test: {
    reporters: ['default', new FaultReporter(), new CountReporter()],
    // Two cores are what CI has; more workers would share them, and the one PostgreSQL.
    maxWorkers: 2,
    projects: [
      {
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 10_000 },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts', 'test/faults/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          // A slow machine that runs several files at once: long enough not to fail for that alone.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          // A page on a busy machine: what must be quick is measured where it is tested.
          expect: { poll: { timeout: 10_000 } },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'infra',
          include: ['test/infra/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
