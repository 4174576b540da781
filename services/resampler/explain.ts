/** Why a Fibonacci bar is what it is: its place in the count, its daily bars, and what made and moved it. */
import { type ExplainedChange, explainChanges } from '../../sql/queries/explain-changes.ts';
import { type ExplainedRun, explainRuns } from '../../sql/queries/explain-runs.ts';
import { readBars } from '../../sql/queries/read-bars.ts';
import {
  adjustBar,
  countBarsThrough,
  type DailyBar,
  type Factor,
  readGroup,
} from '../../sql/queries/read-group.ts';
import { type QuarantinedRow, readQuarantined } from '../../sql/queries/read-quarantined.ts';
import { readSplits } from '../../sql/queries/read-splits.ts';
import { readSymbol } from '../../sql/queries/read-symbol.ts';
import type { SilverRow } from '../../sql/queries/write-silver.ts';
import type { Client } from '../shared/database.ts';
import { adjustedRanges } from './split-factors.ts';

export type ExplainedBar = {
  readonly ordinal: number;
  readonly stored: DailyBar;
  /** Adjusted for splits; null: as traded. */
  readonly adjusted: (DailyBar & { readonly factor: Factor }) | null;
};

export type Explanation = {
  readonly symbol: string;
  readonly days: number;
  /** Number of the group, from 0. */
  readonly group: number;
  readonly firstOrdinal: number;
  readonly lastOrdinal: number;
  readonly complete: boolean;
  readonly from: string;
  readonly through: string;
  readonly bars: readonly ExplainedBar[];
  /** The row of silver that holds the day; null: silver does not know the group yet. */
  readonly silver: SilverRow | null;
  /** Newest first; there may be more, as `changeCount` says. */
  readonly changes: readonly ExplainedChange[];
  readonly changeCount: number;
  /** Newest first. */
  readonly runs: readonly ExplainedRun[];
  readonly quarantined: readonly QuarantinedRow[];
};

export type NoBar = { readonly reason: string };

const mostChanges = 20;
const mostRuns = 5;

/** Explains the bar of N days that holds a day, or says why there is none. In a transaction of the caller, so that all is of one moment. */
export async function explain(
  client: Client,
  { symbol, days, day }: { symbol: string; days: number; day: string },
): Promise<Explanation | NoBar> {
  const known = await readSymbol(client, symbol);
  if (known?.retainedFrom && day < known.retainedFrom) {
    return {
      reason: `Retention keeps the bars of ${symbol} from ${known.retainedFrom} on, and none from before`,
    };
  }
  if (known === undefined || known.firstDate === null || known.lastDate === null) {
    return { reason: `Nothing is stored for ${JSON.stringify(symbol)}. Symbols are case-sensitive` };
  }
  const span = `its bars go from ${known.firstDate} to ${known.lastDate}`;
  const through = await countBarsThrough(client, symbol, day);
  if (through === 0) return { reason: `${symbol} has no bar on or before ${day}: ${span}` };
  const group = Math.floor((known.baseOrdinal + through - 1) / days);
  const firstOrdinal = group * days;
  if (firstOrdinal < known.baseOrdinal) {
    return { reason: `Retention has dropped the start of the group that holds ${day}: ${span}` };
  }
  const stored = await readGroup(client, symbol, { position: firstOrdinal - known.baseOrdinal, bars: days });
  const [first, last] = [stored[0] as DailyBar, stored.at(-1) as DailyBar];
  if (day > last.date) {
    const why =
      day > known.lastDate ? span : `the group before it ends on ${last.date}, and the next bar is later`;
    return { reason: `No ${days}-day bar of ${symbol} holds ${day}: ${why}` };
  }
  const range = { from: first.date, through: last.date };
  const silver = await readBars(client, { symbol, days, from: range.from, to: range.through });
  const { changes, total } = await explainChanges(client, { symbol, days, ...range }, mostChanges);
  return {
    symbol,
    days,
    group,
    firstOrdinal,
    lastOrdinal: firstOrdinal + stored.length - 1,
    complete: stored.length === days,
    ...range,
    bars: await adjust(client, symbol, stored, firstOrdinal),
    silver: silver.find((row) => row.startDate === range.from) ?? null,
    changes,
    changeCount: total,
    runs: await explainRuns(
      client,
      symbol,
      changes.map((change) => change.id),
      mostRuns,
    ),
    quarantined: await readQuarantined(client, symbol, range),
  };
}

async function adjust(
  client: Client,
  symbol: string,
  stored: readonly DailyBar[],
  firstOrdinal: number,
): Promise<ExplainedBar[]> {
  const splits = await readSplits(client, [symbol]);
  const bars: ExplainedBar[] = [];
  for (const [index, bar] of stored.entries()) {
    const [range] = adjustedRanges({ from: bar.date, through: bar.date }, splits);
    const { numerator = null, denominator = null } = range ?? {};
    const factor = numerator !== null && denominator !== null ? { numerator, denominator } : null;
    const adjusted = factor && { ...(await adjustBar(client, bar, factor)), factor };
    bars.push({ ordinal: firstOrdinal + index, stored: bar, adjusted });
  }
  return bars;
}
