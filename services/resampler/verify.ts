import { allSymbols } from '../../sql/queries/all-symbols.ts';
import { indexPlans } from '../../sql/queries/plan-by-index.ts';
import { readIntervals } from '../../sql/queries/read-intervals.ts';
import { readSplits } from '../../sql/queries/read-splits.ts';
import { verificationStates } from '../../sql/queries/verification-states.ts';
import type { Client, Database } from '../shared/database.ts';
import { changedRows } from './diff.ts';
import { planChunks } from './plan-chunks.ts';
import { bySymbol, type Recomputed, recompute } from './recompute.ts';
import { nextRow, readBar, type SilverBar } from './silver-row.ts';

export type Difference = {
  readonly table: string;
  readonly symbol: string;
  readonly startDate: string;
  /** The bar that bronze gives; null: none. */
  readonly expected: SilverBar | null;
  /** The bar that the table holds; null: none. */
  readonly stored: SilverBar | null;
};

export type Verification = {
  /** Symbols compared. */
  symbols: number;
  /** Rows that bronze gives, over all tables. */
  rows: number;
  /** Rows that differ; `differences` names the first of them. */
  differing: number;
  differences: Difference[];
  /** Symbols left out because their invalidations are pending. */
  pending: string[];
  /** Symbols asked for that nothing is known of. */
  unknown: string[];
};

export type VerifyOptions = {
  /** All, if absent. */
  readonly symbols?: readonly string[] | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
};

const mostDifferences = 1_000;

/**
 * Recomputes silver from bronze and compares, writing nothing. Each chunk of symbols is judged in one snapshot; symbols
 * with pending invalidations in it are left out.
 */
export async function verify(db: Database, options: VerifyOptions = {}): Promise<Verification> {
  const result: Verification = {
    symbols: 0,
    rows: 0,
    differing: 0,
    differences: [],
    pending: [],
    unknown: [],
  };
  const { known, bars } = await db.repeat(async (client) => {
    const found = await allSymbols(client, await readIntervals(client));
    const { rows } = await client.query<{ symbol: string; bars: number }>(
      'select symbol, bar_count as bars from ops.symbol',
    );
    return { known: found, bars: new Map(rows.map((row) => [row.symbol, row.bars])) };
  });
  const wanted = options.symbols === undefined ? known : [...new Set(options.symbols)].toSorted();
  const exists = new Set(known);
  result.unknown = wanted.filter((symbol) => !exists.has(symbol));
  const symbols = wanted.filter((symbol) => exists.has(symbol));
  let done = 0;
  for (const chunk of planChunks(symbols.map((symbol) => ({ symbol, bars: bars.get(symbol) ?? 1 })))) {
    options.signal?.throwIfAborted();
    await db.transaction((client) => verifyChunk(client, chunk, result), {
      isolation: 'repeatable read',
      settings: indexPlans,
      readOnly: true,
    });
    done += chunk.length;
    options.onProgress?.(done, symbols.length);
  }
  return result;
}

async function verifyChunk(client: Client, symbols: readonly string[], result: Verification): Promise<void> {
  const intervals = await readIntervals(client);
  const states = await verificationStates(client, symbols);
  const settled = states.filter((state) => !state.pending);
  const recomputation = await recompute(
    client,
    settled.map(({ symbol, baseOrdinal }) => ({
      symbol,
      baseOrdinal,
      fromDate: '-infinity',
      throughDate: null,
      intervals: null,
    })),
    intervals,
    bySymbol(await readSplits(client, symbols)),
  );
  // Only now, so that a repeated chunk counts once.
  result.pending.push(...states.filter((state) => state.pending).map((state) => state.symbol));
  result.symbols += settled.length;
  for (const each of recomputation.intervals) {
    result.rows += countRows(each.folded);
    result.differing += changedRows(each.diff);
    if (changedRows(each.diff) > 0) {
      const room = mostDifferences - result.differences.length;
      result.differences.push(...differencesOf(each).slice(0, room));
    }
  }
}

function differencesOf({ days, folded, stored, diff }: Recomputed): Difference[] {
  const table = `silver_${days}d`;
  const concerned = new Set(diff.symbols);
  const storedBars = barsByKey(stored, concerned);
  const expectedBars = barsByKey(folded, concerned);
  const changed = new Set(diff.changed.map((at) => keyOf(readBar(folded, at))));
  const differences: Difference[] = [];
  for (const key of new Set([...storedBars.keys(), ...expectedBars.keys()])) {
    const expected = expectedBars.get(key) ?? null;
    const found = storedBars.get(key) ?? null;
    const bar = expected ?? found;
    if (bar !== null && (expected === null || found === null || changed.has(key))) {
      differences.push({ table, symbol: bar.symbol, startDate: bar.startDate, expected, stored: found });
    }
  }
  return differences;
}

function barsByKey(bytes: Uint8Array, symbols: ReadonlySet<string>): Map<string, SilverBar> {
  const bars = new Map<string, SilverBar>();
  for (const at of offsets(bytes)) {
    const bar = readBar(bytes, at);
    if (symbols.has(bar.symbol)) bars.set(keyOf(bar), bar);
  }
  return bars;
}

function keyOf(bar: SilverBar): string {
  return `${bar.symbol} ${bar.startDate}`;
}

function countRows(bytes: Uint8Array): number {
  let rows = 0;
  for (const _ of offsets(bytes)) rows++;
  return rows;
}

function* offsets(bytes: Uint8Array): Generator<number> {
  for (let at = 0; at < bytes.length; at = nextRow(bytes, at)) yield at;
}
