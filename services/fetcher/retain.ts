/**
 * Drops what is older than somebody wants to keep. Its invariant: a group that starts at the cut or later keeps its bars and its
 * place in the count, so its row of silver is not touched; every other group goes, also one that reaches beyond the cut.
 *
 *     ordinal     0  1  2  3  4 │ 5  6  7  8  9  …        cut before 5: the base ordinal becomes 5
 *     bronze      ×  ×  ×  ×  × │ b  b  b  b  b
 *     N = 3      |×××××××|××××××××××|———————|—————        the first whole group starts at 6
 *
 * Symbols are cut in batches, each in a transaction of its own: stopped or killed in between, a symbol is cut or is not.
 */
import { randomUUID } from 'node:crypto';
import { countBarsBefore } from '../../sql/queries/count-bars-before.ts';
import { type Dropped, dropBars } from '../../sql/queries/drop-bars.ts';
import { planByIndex } from '../../sql/queries/plan-by-index.ts';
import { readRetention, type SymbolRetention } from '../../sql/queries/read-retention.ts';
import { addDays } from '../shared/calendar/day.ts';
import type { Database } from '../shared/database.ts';
import { restate } from '../shared/restate.ts';

export type RetentionRequest = {
  /** First day whose bars are kept. */
  readonly from: string;
  /** All that are known, if absent. A symbol that comes later is not cut. */
  readonly symbols?: readonly string[] | undefined;
};

export type RetentionWork = RetentionRequest & {
  /** Stops between two batches. */
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
};

export type RetentionPreview = {
  /** Symbols that are not cut at that day or later yet. */
  readonly symbols: number;
  /** Of these, symbols with bars to drop. */
  readonly droppedSymbols: number;
  readonly droppedBars: number;
  /** Asked for, but never heard of. */
  readonly unknown: readonly string[];
};

export type Retention = RetentionPreview & {
  readonly correlationId: string;
  /** One a batch that dropped bars. */
  readonly changeIds: readonly string[];
  /** False when it was stopped before the last batch: the same request does the rest. */
  readonly complete: boolean;
};

/** Whole histories of so many are a million rows: their locks are held for seconds. */
const symbolsPerBatch = 500;

/**
 * Drops the bars from before a day, and has the resampler remove the groups that start before it. From then on such a bar goes
 * to quarantine. Symbols that are cut there or later already are left alone. Call `publishOutbox` afterwards.
 */
export async function retain(db: Database, work: RetentionWork): Promise<Retention> {
  const { from, signal, onProgress } = work;
  const { due, unknown } = await findDue(db, work);
  const correlationId = randomUUID();
  const changeIds: string[] = [];
  const cut: Dropped[] = [];
  let done = 0;
  while (done < due.length && !signal.aborted) {
    const batch = due.slice(done, done + symbolsPerBatch);
    const { dropped, changeId } = await retainBatch(db, { from, symbols: batch, correlationId });
    cut.push(...dropped);
    if (changeId !== null) changeIds.push(changeId);
    done += batch.length;
    onProgress?.(done, due.length);
  }
  return {
    symbols: cut.length,
    droppedSymbols: withBars(cut).length,
    droppedBars: sumOfBars(cut),
    unknown,
    correlationId,
    changeIds,
    complete: done === due.length,
  };
}

/** What `retain` would do now. */
export async function previewRetention(db: Database, request: RetentionRequest): Promise<RetentionPreview> {
  const { due, unknown } = await findDue(db, request);
  const { bars, symbols } = await db.repeat((client) => countBarsBefore(client, request.from, due));
  return { symbols: due.length, droppedSymbols: symbols, droppedBars: bars, unknown };
}

async function findDue(db: Database, { from, symbols }: RetentionRequest) {
  const known = await db.repeat((client) => readRetention(client, symbols ?? null));
  const there = new Set(known.map(({ symbol }) => symbol));
  return {
    due: known.filter((each) => isDue(each, from)).map(({ symbol }) => symbol),
    unknown: (symbols ?? []).filter((symbol) => !there.has(symbol)),
  };
}

function isDue({ retainedFrom }: SymbolRetention, from: string): boolean {
  return retainedFrom === null || retainedFrom < from;
}

async function retainBatch(
  db: Database,
  { from, symbols, correlationId }: { from: string; symbols: readonly string[]; correlationId: string },
): Promise<{ dropped: readonly Dropped[]; changeId: string | null }> {
  let dropped: readonly Dropped[] = [];
  const counts = { retainedFrom: from, bars: 0 };
  const { changeId } = await restate(
    db,
    {
      kind: 'retention',
      cause: 'correction',
      source: 'cli',
      producer: 'cli',
      symbols,
      counts,
      correlationId,
    },
    async (client, states) => {
      // Another retention may have been faster.
      const due = states.filter((state) => isDue(state, from)).map(({ symbol }) => symbol);
      await planByIndex(client);
      dropped = await dropBars(client, from, due);
      counts.bars = sumOfBars(dropped);
      if (counts.bars === 0) return null;
      return withBars(dropped).map(({ symbol }) => ({
        symbol,
        fromDate: '-infinity',
        throughDate: addDays(from, -1),
        reason: 'retention',
      }));
    },
  );
  return { dropped, changeId };
}

function withBars(dropped: readonly Dropped[]): Dropped[] {
  return dropped.filter(({ bars }) => bars > 0);
}

function sumOfBars(dropped: readonly Dropped[]): number {
  return dropped.reduce((sum, { bars }) => sum + bars, 0);
}
