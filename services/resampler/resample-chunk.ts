/**
 * One chunk of symbols, in one transaction: lock, take the invalidations, recompute, write what differs, tell of it.
 *
 * Invariant: when it commits, the silver of each of its symbols equals a recomputation from its bronze, and the invalidations
 * that were committed before the lock are gone. When it does not, nothing happened.
 */
import { lockSymbols, type SymbolState } from '../../sql/queries/lock-symbols.ts';
import { planByIndex } from '../../sql/queries/plan-by-index.ts';
import { putBackInvalidations } from '../../sql/queries/put-back-invalidations.ts';
import { readIntervals } from '../../sql/queries/read-intervals.ts';
import { readSplits } from '../../sql/queries/read-splits.ts';
import { refillState } from '../../sql/queries/refill-state.ts';
import { insertRun } from '../../sql/queries/runs.ts';
import { type Taken, takeInvalidations } from '../../sql/queries/take-invalidations.ts';
import type { Client } from '../shared/database.ts';
import { writeOutbox } from '../shared/outbox.ts';
import { append, looksAppended } from './append.ts';
import { bySymbol, recompute, type SplitsBySymbol } from './recompute.ts';
import { refilled } from './refilled.ts';
import { silverEvents } from './silver-events.ts';
import { joinSummaries, summarize, type TableSummary } from './summary.ts';
import { writeDiff } from './write-diff.ts';

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
  await planByIndex(client);
  const states = new Map((await lockSymbols(client, chunk.symbols)).map((state) => [state.symbol, state]));
  const { taken, changes } = await takeInvalidations(client, chunk.symbols);
  if (taken.length === 0) return { symbols: 0, changedRows: 0, merged: 0 };
  const intervals = await readIntervals(client);
  const splits = bySymbol(await readSplits(client, chunk.symbols));
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
  const live = joinSummaries(merged ?? [], changed);
  const draw = () => drawSequences(client, intervals.length);
  const events = silverEvents(told, live, live.some((table) => table.changedRows > 0) ? await draw() : []);
  if (replayed.length > 0) {
    const tables = again.length > 0 ? again : intervals.map(unchanged);
    events.push(...silverEvents(told, tables, await draw(), replayed));
  }
  if (events.length > 0) await writeOutbox(client, events);
  const changedRows = [...live, ...again].reduce((sum, table) => sum + table.changedRows, 0);
  await insertRun(client, {
    id: chunk.runId,
    jobId: chunk.jobId,
    symbols: taken.map((each) => each.symbol),
    changeIds: changes.map((change) => change.id),
    changedRows,
  });
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
): Promise<TableSummary[]> {
  if (work.length === 0) return [];
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
  for (const each of recomputation.intervals) await writeDiff(client, each);
  const states = work.flatMap(({ taken, state, mine }, index) =>
    taken.throughDate === null && mine === null
      ? refilled(taken.symbol, state, recomputation.symbols[index])
      : [],
  );
  if (states.length > 0) await refillState(client, states);
  return summarize(recomputation);
}

function unchanged(days: number): TableSummary {
  return { days, symbols: [], completed: [], from: null, changedRows: 0 };
}

async function drawSequences(client: Client, count: number): Promise<number[]> {
  const { rows } = await client.query<{ sequence: string }>(
    `select nextval('ops.silver_sequence')::text as sequence from generate_series(1, $1)`,
    [count],
  );
  return rows.map((row) => Number(row.sequence));
}
