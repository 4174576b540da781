import type { Cause } from '../../events/metadata.ts';
import { newEvent } from '../../events/new-event.ts';
import type { SilverUpdated } from '../../events/silver-updated.ts';
import type { TakenChange } from '../../sql/queries/take-invalidations.ts';
import type { TableSummary } from './summary.ts';

/** When a chunk works in several causes at once, its events carry the first of these. */
const strongest: readonly Cause[] = ['live', 'correction', 'split', 'backfill', 'replay'];

export type Told = {
  readonly runId: string;
  readonly jobId: string | null;
  /** Oldest first. */
  readonly changes: readonly TakenChange[];
};

/**
 * One SilverUpdated per table that changed.
 * @param replayed symbols that a replay asked for: their tables are told of even when nothing changed.
 * @param sequences one number per table, drawn while the symbols are locked.
 */
export function silverEvents(
  told: Told,
  tables: readonly TableSummary[],
  sequences: readonly number[],
  replayed?: readonly string[],
): ReturnType<typeof newEvent<'SilverUpdated'>>[] {
  const change = newestOf(
    told.changes.filter(({ cause }) => (cause === 'replay') === (replayed !== undefined)),
    told.changes,
  );
  return tables.flatMap((table, index) => {
    const symbols = replayed ?? table.symbols;
    if (symbols.length === 0) return [];
    const data: SilverUpdated['data'] = {
      interval: table.days,
      table: `silver_${table.days}d`,
      symbols: [...symbols],
      completedSymbols: [...table.completed],
      from: table.from,
      changedRows: table.changedRows,
      sequence: sequences[index] ?? 0,
      jobId: told.jobId,
      runId: told.runId,
    };
    return [
      newEvent('SilverUpdated', {
        data,
        cause: change.cause,
        correlationId: change.correlationId,
        causationId: change.eventId,
        producer: 'resampler',
        idempotencyKey: `silver-updated:${told.runId}:${table.days}${replayed ? ':replay' : ''}`,
      }),
    ];
  });
}

function newestOf(preferred: readonly TakenChange[], all: readonly TakenChange[]): TakenChange {
  const changes = preferred.length > 0 ? preferred : all;
  for (const cause of strongest) {
    const newest = changes.findLast((change) => change.cause === cause);
    if (newest) return newest;
  }
  throw new RangeError('rows changed, but no change asked for it');
}
