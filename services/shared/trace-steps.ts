import type { Trace, TracedChange, TracedEvent, TracedJob, TracedRun } from '../../sql/queries/trace.ts';
import { counted } from './counted.ts';

/** One thing that happened, or is to happen, on the path of a correlation id. */
export type TraceStep = {
  readonly what: 'change' | 'event' | 'job' | 'run' | 'told';
  /** null: not yet, or nobody knows any more. */
  readonly at: Date | null;
  readonly detail: string;
};

/** The path of one correlation id in words: changes, their events, jobs, their runs, what was told of silver; each oldest first. */
export function traceSteps(found: Trace): TraceStep[] {
  return [
    ...found.changes.map(changeStep),
    ...found.changes.map(eventStep),
    ...found.jobs.flatMap((job) => jobSteps(job, found)),
    ...found.runs.map(runStep),
    ...found.events.map((event) => toldStep(event, found)),
  ];
}

function changeStep({ occurredAt, id, kind, tradingDay, source, cause }: TracedChange): TraceStep {
  const of = tradingDay ? ` of ${tradingDay}` : '';
  return { what: 'change', at: occurredAt, detail: `${id} ${kind}${of}, from ${source}, ${cause}` };
}

function eventStep({ publishedAt, eventId, kind }: TracedChange): TraceStep {
  const type = kind === 'ingest' || kind === 'replay' ? 'BarsIngested' : 'BarsRestated';
  const absence = publishedAt ? '' : ', no longer or not yet in the outbox';
  return { what: 'event', at: publishedAt, detail: `${type} ${eventId}${absence}` };
}

function jobSteps(job: TracedJob, { correlationId, changes }: Trace): TraceStep[] {
  // One that waits takes along what changes until it starts.
  const waited = changes.length > 0 && changes.every(({ occurredAt }) => job.claimedAt < occurredAt);
  const when = waited ? ' before the first change' : '';
  const along = job.correlationId === correlationId ? '' : `, taken along under ${job.correlationId}`;
  const steps: [Date | null, string][] = [
    [job.claimedAt, `${job.id} claimed${when}, ${counted(job.symbols, 'symbol')}${along}`],
    [job.submittedAt, `submitted as ${job.batchJobId ?? 'nothing'}`],
    [job.startedAt, 'started'],
    [job.finishedAt, job.outcome === 'failed' ? `failed: ${job.failure}` : 'succeeded'],
  ];
  return steps.flatMap(([at, detail]) => (at === null ? [] : [{ what: 'job', at, detail }]));
}

function runStep({ committedAt, id, symbols, changedRows, jobId }: TracedRun): TraceStep {
  const job = jobId === null ? ', outside of a job' : '';
  const detail = `${id}: ${counted(changedRows, 'row')} of ${counted(symbols, 'symbol')}${job}`;
  return { what: 'run', at: committedAt, detail };
}

function toldStep(event: TracedEvent, { correlationId }: Trace): TraceStep {
  const what =
    event.interval === null
      ? event.detailType
      : `${event.detailType} ${event.interval}d, ${counted(event.changedRows ?? 0, 'row')}`;
  const under = event.correlationId === correlationId ? '' : `, under ${event.correlationId}`;
  return { what: 'told', at: event.publishedAt, detail: `${what}, ${event.cause}${under}` };
}
