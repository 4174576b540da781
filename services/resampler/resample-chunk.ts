/**
 * One chunk of symbols, in one transaction: lock, take the invalidations, recompute, write what differs, tell of it.
 *
 * Invariant: when it commits, the silver of each of its symbols equals a recomputation from its bronze, and the invalidations
 * that were committed before the lock are gone. When it does not, nothing happened.
 */
import { finishRun, type RefilledState } from '../../sql/queries/finish-run.ts';
import { lockSymbols, type SymbolState } from '../../sql/queries/lock-symbols.ts';
import { putBackInvalidations } from '../../sql/queries/put-back-invalidations.ts';
import { readInputs } from '../../sql/queries/read-splits.ts';
import { type Taken, takeInvalidations } from '../../sql/queries/take-invalidations.ts';
import type { Client } from '../shared/database.ts';
import { outboxRows } from '../shared/outbox.ts';
import { append, looksAppended } from './append.ts';
import { bySymbol, recompute, type SplitsBySymbol } from './recompute.ts';
import { refilled } from './refilled.ts';
import { silverEvents } from './silver-events.ts';
import { joinSummaries, summarize, type TableSummary } from './summary.ts';
import { writeDiffs } from './write-diff.ts';

export type Chunk = {
  /** Made before the transaction; its row in ops.run proves the commit. */
  readonly runId: string;
  readonly jobId: string | null;
  readonly symbols: readonly string[];
  /** In days; the invalidations of other intervals stay pending. */
  readonly intervals: readonly number[];
};

export type ChunkResult = {
  readonly symbols: number;
  readonly changedRows: number;
  /** Symbols whose newest bar was merged in, the fast path of a night. */
  readonly merged: number;
};

type Work = {
  readonly taken: Taken;
  readonly state: SymbolState | undefined;
  readonly mine: number[] | null;
};

export async function resampleChunk(client: Client, chunk: Chunk): Promise<ChunkResult> {
  const states = new Map((await lockSymbols(client, chunk.symbols)).map((state) => [state.symbol, state]));
  const { taken, changes } = await takeInvalidations(client, chunk.symbols);
  if (taken.length === 0) return { symbols: 0, changedRows: 0, merged: 0 };
  const inputs = await readInputs(client, chunk.symbols);
  const { intervals } = inputs;
  const splits = bySymbol(inputs.splits);
  const work = await scope(client, chunk, taken, intervals, states, changes.at(-1)?.id ?? '0');

  const appended = work.filter(
    ({ taken: each, state, mine }) =>
      mine === null && looksAppended(each, state, intervals, splits.get(each.symbol) ?? []),
  );
  const merged =
    appended.length === 0
      ? []
      : await append(
          client,
          appended.flatMap(({ state }) => state ?? []),
          intervals,
        );
  const rest = work.filter((each) => merged === undefined || !appended.includes(each));
  const onlyReplayed = rest.filter(({ taken: each }) => each.replays === each.invalidations);
  const changed = await recomputeAndWrite(
    client,
    rest.filter((each) => !onlyReplayed.includes(each)),
    intervals,
    splits,
  );
  const again = await recomputeAndWrite(client, onlyReplayed, intervals, splits);

  const replayed = taken.filter((each) => each.replays > 0).map((each) => each.symbol);
  const told = { runId: chunk.runId, jobId: chunk.jobId, changes };
  const live = joinSummaries(merged ?? [], changed.tables);
  const events = silverEvents(told, live, inputs.sequences);
  if (replayed.length > 0) {
    const tables = again.tables.length > 0 ? again.tables : intervals.map(unchanged);
    events.push(...silverEvents(told, tables, inputs.sequences.slice(intervals.length), replayed));
  }
  const changedRows = [...live, ...again.tables].reduce((sum, table) => sum + table.changedRows, 0);
  await finishRun(
    client,
    {
      id: chunk.runId,
      jobId: chunk.jobId,
      symbols: taken.map((each) => each.symbol),
      changeIds: changes.map((change) => change.id),
      changedRows,
    },
    outboxRows(events),
    [...changed.refilled, ...again.refilled],
  );
  return { symbols: taken.length, changedRows, merged: merged === undefined ? 0 : appended.length };
}

/** Decides which intervals each symbol needs here, and puts back the others. */
async function scope(
  client: Client,
  chunk: Chunk,
  taken: readonly Taken[],
  intervals: readonly number[],
  states: ReadonlyMap<string, SymbolState>,
  changeId: string,
): Promise<Work[]> {
  const others: { taken: Taken; days: number[] }[] = [];
  const work: Work[] = [];
  for (const each of taken) {
    const wanted = intervals.filter((days) => each.intervals === null || each.intervals.includes(days));
    const mine = wanted.filter((days) => chunk.intervals.includes(days));
    const theirs = wanted.filter((days) => !chunk.intervals.includes(days));
    if (theirs.length > 0) others.push({ taken: each, days: theirs });
    work.push({
      taken: each,
      state: states.get(each.symbol),
      mine: mine.length === intervals.length ? null : mine,
    });
  }
  if (others.length > 0) {
    await putBackInvalidations(
      client,
      others.map((each) => each.taken),
      others.map((each) => each.days),
      changeId,
    );
  }
  return work;
}

async function recomputeAndWrite(
  client: Client,
  work: readonly Work[],
  intervals: readonly number[],
  splits: SplitsBySymbol,
): Promise<{ tables: readonly TableSummary[]; refilled: readonly RefilledState[] }> {
  if (work.length === 0) return { tables: [], refilled: [] };
  const recomputation = await recompute(
    client,
    work.map(({ taken, state, mine }) => ({
      symbol: taken.symbol,
      baseOrdinal: state?.baseOrdinal ?? 0,
      fromDate:
        taken.fromDate <= (state?.firstDate ?? '') || taken.fromDate === '-infinity'
          ? '-infinity'
          : taken.fromDate,
      throughDate: taken.throughDate,
      intervals: mine,
      bars: state?.barCount,
    })),
    intervals,
    splits,
  );
  await writeDiffs(client, recomputation.intervals);
  const states = work.flatMap(({ taken, state, mine }, index) =>
    taken.throughDate === null && mine === null
      ? refilled(taken.symbol, state, recomputation.symbols[index])
      : [],
  );
  return { tables: summarize(recomputation), refilled: states };
}

function unchanged(days: number): TableSummary {
  return { days, symbols: [], completed: [], from: null, changedRows: 0 };
}
