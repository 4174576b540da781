/** Bars of one symbol by date, as traded. Whole numbers, so that the model can compute with them. */
export type ModelBar = { open: number; high: number; low: number; close: number; volume: number };
export type ModelHistory = ReadonlyMap<string, ModelBar>;
/** Splits of one symbol by ex-date, each ratio as decimal text: `from` old shares become `to` new ones. */
export type ModelSplits = ReadonlyMap<string, readonly [from: string, to: string]>;
/** A bar of N days; its values are decimal text without trailing zeros. */
export type ModelSilver = Record<keyof ModelBar | 'startDate' | 'endDate', string> & { barCount: number };

export type ModelSymbol = {
  readonly history: ModelHistory;
  readonly splits?: ModelSplits;
  /** Ordinal of the first bar. */
  readonly base?: number;
};

/** Values in units of 10^-8. */
type AdjustedBar = Record<keyof ModelBar, bigint> & { date: string };

/** The definition, word for word: a symbol's bars in date order, N at a time. */
export function groupsOf(symbol: ModelSymbol, intervals: readonly number[]): ModelSilver[][] {
  const { base = 0 } = symbol;
  const bars = adjust(symbol);
  return intervals.map((days) => {
    const groups = Map.groupBy(bars.entries(), ([index]) => Math.floor((base + index) / days));
    return [...groups].flatMap(([number, members]) => {
      if (number * days < base) return [];
      const group = members.map(([, bar]) => bar);
      const [first, last] = [group[0]!, group.at(-1)!];
      return {
        startDate: first.date,
        endDate: last.date,
        open: decimal(first.open),
        high: decimal(group.map((bar) => bar.high).reduce((a, b) => (b > a ? b : a))),
        low: decimal(group.map((bar) => bar.low).reduce((a, b) => (b < a ? b : a))),
        close: decimal(last.close),
        volume: decimal(group.map((bar) => bar.volume).reduce((a, b) => a + b)),
        barCount: group.length,
      };
    });
  });
}

function adjust({ history, splits = new Map() }: ModelSymbol): AdjustedBar[] {
  return [...history]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, bar]) => {
      let [from, to] = [1n, 1n];
      for (const [exDate, ratio] of splits) {
        if (exDate <= date) continue;
        from *= millionths(ratio[0]);
        to *= millionths(ratio[1]);
      }
      const price = (value: number) => roundedRatio(BigInt(value) * 100_000_000n * from, to);
      return {
        date,
        open: price(bar.open),
        high: price(bar.high),
        low: price(bar.low),
        close: price(bar.close),
        volume: roundedRatio(BigInt(bar.volume) * 100_000_000n * to, from),
      };
    });
}

/** Half up, for values that are not negative; what is above 0 stays so. A ratio of 1 is exact, since values are whole numbers. */
function roundedRatio(numerator: bigint, denominator: bigint): bigint {
  const rounded = (2n * numerator + denominator) / (2n * denominator);
  return rounded === 0n && numerator > 0n ? 1n : rounded;
}

function millionths(text: string): bigint {
  return BigInt(Math.round(Number(text) * 1_000_000));
}

function decimal(units: bigint): string {
  const digits = units.toString().padStart(9, '0');
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`.replace(/\.?0+$/, '');
}
