import { expect, test } from 'vitest';
import { traceLines } from '../../../services/cli/commands/trace.ts';
import type { Trace } from '../../../sql/queries/trace.ts';

const correlationId = 'c1a7d3f4-52b7-4f59-8f2d-0f4c4f0b7f02';
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 23, 21, 20, seconds));

const change = (id: string, seconds: number) => ({
  id,
  kind: 'ingest' as const,
  cause: 'live',
  source: 'massive',
  tradingDay: '2026-11-23',
  occurredAt: at(seconds),
  eventId: `event-${id}`,
  publishedAt: at(seconds + 1),
});

/** A job that was claimed for another change, and took these along before it started. */
const found: Trace = {
  correlationId,
  changes: [change('7', 6), change('8', 5)],
  pending: 0,
  jobs: [
    {
      id: 'job-1',
      batchJobId: 'b-1',
      correlationId: 'another',
      symbols: 2,
      claimedAt: at(3),
      submittedAt: at(4),
      startedAt: at(8),
      finishedAt: at(9),
      outcome: 'succeeded',
      failure: null,
    },
  ],
  runs: [],
  events: [],
};

test('times are those after the first change; of a job that waited already, before it', () => {
  expect(traceLines(found).join('\n')).toBe(`${correlationId}, from 2026-11-23T21:20:05.000Z on

change  + 1.000 s  7 ingest of 2026-11-23, from massive, live
change  + 0.000 s  8 ingest of 2026-11-23, from massive, live
event   + 2.000 s  BarsIngested event-7
event   + 1.000 s  BarsIngested event-8
job     - 2.000 s  job-1 claimed before the first change, 2 symbols, taken along under another
job     - 1.000 s  submitted as b-1
job     + 3.000 s  started
job     + 4.000 s  succeeded`);
});
