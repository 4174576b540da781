import { findCorrelation, readTrace, type Trace } from '../../../sql/queries/trace.ts';
import type { Database } from '../../shared/database.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import { type TraceStep, traceSteps } from '../../shared/trace-steps.ts';
import { counted, formatCount, formatTable } from '../format.ts';
import type { Output } from '../output.ts';

/** Prints the path of one correlation id, from the change to SilverUpdated. An id that nobody knows is an exit code of 1. */
export async function trace(db: Database, output: Output, id: string): Promise<number> {
  const found = await db.transaction(
    async (client) => {
      const correlationId = await findCorrelation(client, id);
      return correlationId === undefined ? undefined : await readTrace(client, correlationId);
    },
    { isolation: 'repeatable read', readOnly: true, committed: () => Promise.resolve(true) },
  );
  if (found === undefined) {
    const error = `Nothing is known of ${id}: it is neither a correlation id nor the id of an event. Log lines and events have it as correlationId`;
    output.document({ id, error });
    process.stderr.write(`${error}\n`);
    return exitCodes.failed;
  }
  output.document(found);
  for (const line of traceLines(found)) output.say(line);
  return exitCodes.done;
}

/** As many of one kind as a screen takes; --json has all. */
const mostShown = 10;

/** For people: each kind of step, oldest first, with the time after the first change. */
export function traceLines(found: Trace): string[] {
  const start = startOf(found);
  const rows: string[][] = [];
  for (const [what, steps] of Map.groupBy(traceSteps(found), (step) => step.what)) {
    for (const { at, detail } of steps.slice(0, mostShown))
      rows.push([what, timeOf(what, start, at), detail]);
    if (steps.length > mostShown) {
      rows.push([what, '', `… and ${formatCount(steps.length - mostShown)} more; --json has all`]);
    }
  }
  const lines = [
    `${found.correlationId}, from ${start?.toISOString() ?? 'nowhere'} on`,
    '',
    ...formatTable(rows, 4),
  ];
  if (found.pending > 0) {
    lines.push(
      '',
      `${counted(found.pending, 'invalidation is', 'invalidations are')} still pending: \`fibbars status\` tells of jobs`,
    );
  }
  return lines;
}

/** Of its first change. What took that change along, such as a job that waited already, may be older. */
function startOf({ changes, jobs }: Trace): Date | undefined {
  const [first] = changes.map(({ occurredAt }) => occurredAt).toSorted((a, b) => a.getTime() - b.getTime());
  return first ?? jobs[0]?.claimedAt;
}

function timeOf(what: TraceStep['what'], start: Date | undefined, at: Date | null): string {
  if (at !== null) return since(start, at);
  return what === 'told' ? 'unpublished' : '-';
}

/** `+ 1.234 s` after the start, `- 1.234 s` before it. */
function since(start: Date | undefined, at: Date): string {
  const ms = at.getTime() - (start ?? at).getTime();
  return `${ms < 0 ? '-' : '+'} ${(Math.abs(ms) / 1_000).toFixed(3)} s`;
}
