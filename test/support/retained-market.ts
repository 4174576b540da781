import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { deleteBar } from '../../services/fetcher/delete-bar.ts';
import { ingestDay } from '../../services/fetcher/ingest-day.ts';
import { type Retention, retain } from '../../services/fetcher/retain.ts';
import { type ChunkResult, resampleChunk } from '../../services/resampler/resample-chunk.ts';
import type { Database } from '../../services/shared/database.ts';
import { readIntervals } from '../../sql/queries/read-intervals.ts';

/** Whole numbers, so that the model can compute with them. */
export type WholeBar = { open: number; high: number; low: number; close: number; volume: number };
export type DatedBar = { readonly symbol: string; readonly date: string; readonly bar: WholeBar };

/** What ever was stored of a symbol and not deleted by hand: retention takes nothing from it. */
type Model = { readonly history: Map<string, WholeBar>; cut: string | null };

/**
 * Symbols whose bars come, go and are cut by the real fetcher, beside a model that forgets nothing: the groups of its whole
 * history, from the first bar ever, are what silver must hold of those that start at the cut or later.
 */
export function createRetainedMarket(db: Database) {
  const models = new Map<string, Model>();
  const modelOf = (symbol: string) => {
    const model = models.get(symbol) ?? { history: new Map<string, WholeBar>(), cut: null };
    models.set(symbol, model);
    return model;
  };

  return {
    /** Delivers the bars, day by day; those from before a symbol's cut must be refused. */
    async put(bars: readonly DatedBar[]): Promise<void> {
      const days = Map.groupBy(bars, (each) => each.date);
      for (const [tradingDay, rows] of [...days].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
        const tooOld = rows.filter(({ symbol }) => isCut(modelOf(symbol), tradingDay));
        const report = await ingestDay({ db }, deliveryOf(tradingDay, rows), {
          cause: 'backfill',
          correlationId: randomUUID(),
        });
        expect(report.quarantined).toEqual(tooOld.length > 0 ? { before_retention: tooOld.length } : {});
        for (const { symbol, bar } of rows) {
          const model = modelOf(symbol);
          if (!isCut(model, tradingDay)) model.history.set(tradingDay, bar);
        }
      }
    },

    async remove(symbol: string, date: string): Promise<void> {
      const model = models.get(symbol);
      const there = model?.history.has(date) === true && !isCut(model, date);
      const { changeId } = await deleteBar(db, symbol, date);
      expect(changeId !== null).toBe(there);
      if (there) model.history.delete(date);
    },

    async cut(from: string, symbols?: readonly string[]): Promise<Retention> {
      const retention = await retain(db, { from, symbols, signal: new AbortController().signal });
      // A symbol of which no bar ever came is not cut.
      const wanted = symbols ?? [...models.keys()];
      expect(retention.unknown).toEqual(wanted.filter((symbol) => !models.has(symbol)));
      for (const symbol of wanted) {
        const model = models.get(symbol);
        if (model && !isCut(model, from)) model.cut = from;
      }
      return retention;
    },

    async resample(): Promise<ChunkResult> {
      const intervals = await db.withClient(readIntervals);
      return await db.transaction((client) =>
        resampleChunk(client, {
          runId: randomUUID(),
          jobId: null,
          symbols: [...models.keys()].toSorted(),
          intervals,
        }),
      );
    },

    /** Silver and the states of the symbols are what the model says. */
    async expectRight(): Promise<void> {
      const symbols = [...models.keys()].toSorted();
      const intervals = await db.withClient(readIntervals);
      expect(await storedSilver(db, symbols, intervals)).toEqual(
        intervals.flatMap((days) =>
          symbols.flatMap((symbol) =>
            keptGroups(modelOf(symbol), days).map(({ text }) => `${days} ${symbol} ${text}`),
          ),
        ),
      );
      expect(await storedStates(db, symbols)).toEqual(
        symbols.map((symbol) => expectedState(symbol, modelOf(symbol))),
      );
      expect(await db.query('select * from ops.invalidation')).toEqual([]);
      for (const { symbol, openStart } of await openStarts(db, symbols)) {
        expect({ symbol, openStart }).toEqual({
          symbol,
          openStart: newestStarts(modelOf(symbol), intervals),
        });
      }
    },
  };
}

function deliveryOf(tradingDay: string, rows: readonly DatedBar[]) {
  return {
    source: 'test',
    tradingDay,
    adjusted: false,
    fingerprint: randomUUID(),
    bars: rows.map(({ symbol, bar }, index) => ({
      position: index + 1,
      symbol,
      open: String(bar.open),
      high: String(bar.high),
      low: String(bar.low),
      close: String(bar.close),
      volume: String(bar.volume),
    })),
    quarantined: [],
  };
}

/** The groups of a symbol's history, N bars at a time from its first, that start at the cut or later; one text each. */
function keptGroups(model: Model, days: number): { start: string; text: string }[] {
  const dates = [...model.history.keys()].toSorted();
  const groups: { start: string; text: string }[] = [];
  for (let first = 0; first < dates.length; first += days) {
    const members = dates.slice(first, first + days);
    const [start, end] = [members[0] as string, members.at(-1) as string];
    if (isCut(model, start)) continue;
    const bars = members.map((date) => model.history.get(date) as WholeBar);
    const values = [
      bars[0]?.open,
      Math.max(...bars.map((bar) => bar.high)),
      Math.min(...bars.map((bar) => bar.low)),
      bars.at(-1)?.close,
      bars.reduce((sum, bar) => sum + bar.volume, 0),
    ];
    groups.push({ start, text: [start, end, ...values, bars.length].join(' ') });
  }
  return groups;
}

function isCut({ cut }: Model, date: string): boolean {
  return cut !== null && date < cut;
}

/** One text a bar, in key order. */
async function storedSilver(
  db: Database,
  symbols: readonly string[],
  intervals: readonly number[],
): Promise<string[]> {
  const rows = await db.query<{ bar: string }>(
    intervals
      .map(
        (days) =>
          `select ${days} as days, symbol, start_date,
                  concat_ws(' ', ${days}, symbol, start_date, end_date, open, high, low, close, volume, bar_count) as bar
             from public.silver_${days}d where symbol = any($1)`,
      )
      .join(' union all ')
      .concat(' order by days, symbol, start_date'),
    [symbols],
  );
  return rows.map((row) => row.bar);
}

function expectedState(symbol: string, model: Model) {
  const dates = [...model.history.keys()].toSorted();
  const kept = dates.filter((date) => !isCut(model, date));
  return {
    symbol,
    bars: kept.length,
    stored: kept.length,
    base: dates.length - kept.length,
    first: kept[0] ?? null,
    last: kept.at(-1) ?? null,
    cut: model.cut,
  };
}

async function storedStates(db: Database, symbols: readonly string[]): Promise<object[]> {
  return await db.query(
    `select wanted.symbol, coalesce(bar_count, 0) as bars, coalesce(base_ordinal, 0) as base,
            (select count(*)::int from public.raw_ohlcv bar where bar.symbol = wanted.symbol) as stored,
            first_date as first, last_date as last, retained_from as cut
       from unnest($1::text[]) as wanted (symbol) left join ops.symbol state using (symbol)
      order by wanted.symbol collate "C"`,
    [symbols],
  );
}

/** Only those that are known: unknown is never wrong. */
async function openStarts(
  db: Database,
  symbols: readonly string[],
): Promise<{ symbol: string; openStart: string[] }[]> {
  return await db.query(
    `select symbol, open_start as "openStart" from ops.symbol where symbol = any($1) and open_start is not null`,
    [symbols],
  );
}

function newestStarts(model: Model, intervals: readonly number[]): (string | undefined)[] {
  return intervals.map((days) => keptGroups(model, days).at(-1)?.start);
}
