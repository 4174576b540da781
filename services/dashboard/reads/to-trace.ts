import type { Trace as FoundTrace } from '../../../sql/queries/trace.ts';
import { traceSteps } from '../../shared/trace-steps.ts';
import type { Trace } from '../api.ts';

/** What is known of a correlation id, in the order in which it happened. What has not happened yet is left out. */
export function toTrace(found: FoundTrace): Trace {
  const steps = traceSteps(found)
    .flatMap(({ at, ...step }) => (at === null ? [] : [{ at, ...step }]))
    .toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const startMs = steps[0]?.at.getTime() ?? 0;
  return {
    id: found.correlationId,
    steps: steps.map(({ at, what, detail }) => ({
      at: at.toISOString(),
      afterMs: at.getTime() - startMs,
      what,
      detail,
    })),
  };
}
