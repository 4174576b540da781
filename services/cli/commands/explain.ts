import type { ExplainedChange } from '../../../sql/queries/explain-changes.ts';
import type { ExplainedRun } from '../../../sql/queries/explain-runs.ts';
import type { DailyBar } from '../../../sql/queries/read-group.ts';
import { readIntervals } from '../../../sql/queries/read-intervals.ts';
import { type Explanation, explain as explainBar } from '../../resampler/explain.ts';
import type { Database } from '../../shared/database.ts';
import { exitCodes, UsageError } from '../../shared/exit-code.ts';
import { formatCount, formatTable } from '../format.ts';
import type { Output } from '../output.ts';
import { barsTable } from './bars.ts';

export type ExplainRequest = { readonly symbol: string; readonly days: number; readonly day: string };

/** Prints which daily bars make a bar, and what wrote it. That there is no such bar is an exit code of 1. */
export async function explain(db: Database, output: Output, request: ExplainRequest): Promise<number> {
  const explained = await db.transaction(
    async (client) => {
      const intervals = await readIntervals(client);
      if (!intervals.includes(request.days)) {
        throw new UsageError(`there are no bars of ${request.days} days: choose ${intervals.join(', ')}`);
      }
      return await explainBar(client, request);
    },
    { isolation: 'repeatable read', readOnly: true, committed: () => Promise.resolve(true) },
  );
  if ('reason' in explained) {
    output.document({ ...request, error: explained.reason });
    process.stderr.write(`${explained.reason}\n`);
    return exitCodes.failed;
  }
  output.document(explained);
  for (const line of explanationLines(explained)) output.say(line);
  return exitCodes.done;
}

function explanationLines(explained: Explanation): string[] {
  const { symbol, days, bars, silver, changes, changeCount, runs, quarantined } = explained;
  const state = explained.complete ? 'complete' : `forming, ${bars.length} of ${days}`;
  const lines = [
    `Group ${formatCount(explained.group)} of ${symbol}'s ${days}-day bars: daily bars ${formatCount(explained.firstOrdinal)} to ${formatCount(explained.lastOrdinal)}, counted from 0 at its first; ${state}`,
    '',
    ...(silver ? barsTable(symbol, days, [silver]) : [`silver_${days}d does not have it yet`]),
    '',
    ...dailyLines(explained),
    '',
    changeCount === 0 ? 'No change on record has touched it' : 'Touched by, newest first:',
    ...formatTable(changes.map(changeCells), 4),
  ];
  if (changeCount > changes.length) lines.push(`… and ${formatCount(changeCount - changes.length)} older`);
  if (runs.length > 0) lines.push('', 'Worked in by, newest first:', ...formatTable(runs.map(runCells), 4));
  if (quarantined.length > 0) {
    lines.push('', `In quarantine, ${symbol} from ${explained.from} to ${explained.through}:`);
    for (const row of quarantined) {
      lines.push(`  ${row.tradingDay}  ${row.reason}  ${row.source} row ${row.position}: ${row.row}`);
    }
  }
  return lines;
}

/** Exact values: whoever asks wants to recompute. */
function dailyLines({ bars }: Explanation): string[] {
  const cells = (bar: DailyBar) => [bar.open, bar.high, bar.low, bar.close, bar.volume];
  const rows = bars.flatMap(({ ordinal, stored, adjusted }) => [
    [String(ordinal), stored.date, ...cells(stored), ''],
    ...(adjusted
      ? [
          [
            '',
            '  adjusted',
            ...cells(adjusted),
            `prices × ${adjusted.factor.numerator} / ${adjusted.factor.denominator}`,
          ],
        ]
      : []),
  ]);
  return formatTable([['daily', '', 'open', 'high', 'low', 'close', 'volume', ''], ...rows], 2);
}

function changeCells(change: ExplainedChange): string[] {
  return [
    `  change ${change.id}`,
    change.occurredAt.toISOString(),
    `${reasonOf(change)}${change.pending ? ' (pending)' : ''}`,
    `event ${change.eventId}`,
  ];
}

function reasonOf({ kind, cause, source, tradingDay }: ExplainedChange): string {
  const reasons = {
    ingest: `${source} delivered ${tradingDay}, ${cause}`,
    delete: `the bar of ${tradingDay} was deleted`,
    split: `splits came or went, from ${source}`,
    replay: `replay of ${tradingDay}`,
    rebuild: 'everything was recomputed',
  };
  return reasons[kind];
}

function runCells(run: ExplainedRun): string[] {
  const job = run.jobId === null ? 'no job' : `job ${run.jobId}`;
  return [
    `  run ${run.id}`,
    run.committedAt.toISOString(),
    `changes ${preview(run.changeIds)}`,
    `${job}${run.jobOutcome ? `, ${run.jobOutcome}` : ''}${run.batchJobId ? `, in Batch ${run.batchJobId}` : ''}`,
  ];
}

function preview(ids: readonly string[]): string {
  return ids.length <= 6 ? ids.join(', ') : `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more`;
}
