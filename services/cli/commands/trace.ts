import {
  findCorrelation,
  readTrace,
  type Trace,
  type TracedChange,
  type TracedEvent,
  type TracedJob,
  type TracedRun,
} from '../../../sql/queries/trace.ts';
import type { Database } from '../../shared/database.ts';
import { exitCodes } from '../../shared/exit-code.ts';
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

function traceLines(found: Trace): string[] {
  const start = found.changes[0]?.occurredAt ?? found.jobs[0]?.claimedAt;
  const time = (at: Date | null, otherwise = 'not yet') => (at === null ? otherwise : since(start, at));
  const step = (name: string, rows: string[][]): string[][] => {
    const shown = rows.slice(0, mostShown).map((row) => [name, ...row]);
    return rows.length > mostShown
      ? [...shown, [name, '', `… and ${formatCount(rows.length - mostShown)} more; --json has all`]]
      : shown;
  };
  const lines = [
    `${found.correlationId}, from ${start?.toISOString() ?? 'nowhere'} on`,
    '',
    ...formatTable(
      [
        ...step(
          'change',
          found.changes.map((change) => changeCells(change, time)),
        ),
        ...step(
          'event',
          found.changes.map((change) => eventCells(change, time)),
        ),
        ...step(
          'job',
          found.jobs.flatMap((job) => jobCells(job, found, time)),
        ),
        ...step(
          'run',
          found.runs.map((run) => runCells(run, time)),
        ),
        ...step(
          'told',
          found.events.map((event) => toldCells(event, found, time)),
        ),
      ],
      4,
    ),
  ];
  if (found.pending > 0) {
    lines.push(
      '',
      `${counted(found.pending, 'invalidation is', 'invalidations are')} still pending: \`fibbars status\` tells of jobs`,
    );
  }
  return lines;
}

type Time = (at: Date | null, otherwise?: string) => string;

function changeCells(
  { occurredAt, id, kind, tradingDay, source, cause }: TracedChange,
  time: Time,
): string[] {
  return [
    time(occurredAt),
    `${id} ${kind}${tradingDay ? ` of ${tradingDay}` : ''}, from ${source}, ${cause}`,
  ];
}

function eventCells({ publishedAt, eventId, kind }: TracedChange, time: Time): string[] {
  const type = kind === 'ingest' || kind === 'replay' ? 'BarsIngested' : 'BarsRestated';
  return [
    time(publishedAt, '-'),
    `${type} ${eventId}${publishedAt ? '' : ', no longer or not yet in the outbox'}`,
  ];
}

function jobCells(job: TracedJob, { correlationId }: Trace, time: Time): string[][] {
  const along = job.correlationId === correlationId ? '' : `, taken along under ${job.correlationId}`;
  const rows: [Date | null, string][] = [
    [job.claimedAt, `${job.id} claimed, ${counted(job.symbols, 'symbol')}${along}`],
    [job.submittedAt, `submitted as ${job.batchJobId ?? 'nothing'}`],
    [job.startedAt, 'started'],
    [job.finishedAt, job.outcome === 'failed' ? `failed: ${job.failure}` : 'succeeded'],
  ];
  return rows.flatMap(([at, text]) => (at === null ? [] : [[time(at), text]]));
}

function runCells({ committedAt, id, symbols, changedRows, jobId }: TracedRun, time: Time): string[] {
  const job = jobId === null ? ', outside of a job' : '';
  return [time(committedAt), `${id}: ${counted(changedRows, 'row')} of ${counted(symbols, 'symbol')}${job}`];
}

function toldCells(event: TracedEvent, { correlationId }: Trace, time: Time): string[] {
  const what =
    event.interval === null
      ? event.detailType
      : `${event.detailType} ${event.interval}d, ${counted(event.changedRows ?? 0, 'row')}`;
  const under = event.correlationId === correlationId ? '' : `, under ${event.correlationId}`;
  return [time(event.publishedAt, 'unpublished'), `${what}, ${event.cause}${under}`];
}

/** `+ 1.234 s` after the start. */
function since(start: Date | undefined, at: Date): string {
  return `+ ${((at.getTime() - (start ?? at).getTime()) / 1_000).toFixed(3)} s`;
}
