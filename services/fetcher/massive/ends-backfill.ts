import { MassiveError, type MassiveProblem } from './massive-error.ts';

const problems: ReadonlySet<MassiveProblem> = new Set([
  'key refused',
  'not entitled',
  'too old',
  'too many calls',
  'unreachable',
  'another host',
]);

/** Whether the calls after one that failed like this would fail too; those of a backfill go from the oldest day on. */
export function endsBackfill(error: unknown): boolean {
  return error instanceof MassiveError && problems.has(error.problem);
}
