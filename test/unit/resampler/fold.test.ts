import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fold, type FoldRange } from '../../../services/resampler/fold.ts';
import {
  copyHeader,
  copyTrailer,
  nextRow,
  readBar,
  type SilverBar,
} from '../../../services/resampler/silver-row.ts';
import { fromDays, toDays } from '../../../services/resampler/trading-date.ts';
import { binaryNumeric, units } from '../../support/binary-numeric.ts';

type Bar = { date: string; open: string; high: string; low: string; close: string; volume: string };

const intervals = [3, 5, 8, 13, 21, 34];

function fold(bars: readonly Bar[], range: Partial<FoldRange> = {}, days = intervals) {
  const folding = new Fold(days);
  folding.begin({
    symbol: 'AAPL',
    ordinal: 0,
    firstOrdinals: days.map(() => 0),
    through: Infinity,
    ...range,
  });
  for (const bar of bars) {
    const parts = [bar.open, bar.high, bar.low, bar.close, bar.volume].map(binaryNumeric);
    const offsets = parts.map((_, index) =>
      parts.slice(0, index).reduce((sum, part) => sum + part.length, 0),
    ) as [number, number, number, number, number];
    folding.add(Buffer.concat(parts), toDays(bar.date), ...offsets);
  }
  const end = folding.end();
  return { end, rows: days.map((_, index) => rowsOf(folding.rows(index))) };
}

function rowsOf(bytes: Uint8Array): SilverBar[] {
  const rows: SilverBar[] = [];
  for (let at = copyHeader.length; at < bytes.length - copyTrailer.length; at = nextRow(bytes, at)) {
    rows.push(readBar(bytes, at));
  }
  return rows;
}

/** The definition, word for word. */
function groupsOf(bars: readonly Bar[], days: number, base = 0): SilverBar[] {
  const groups = Map.groupBy(bars, (bar) => Math.floor((base + bars.indexOf(bar)) / days));
  return [...groups.values()].map((group) => {
    const by = (key: 'high' | 'low', sign: 1 | -1) =>
      group.map((bar) => bar[key]).reduce((a, b) => ((units(b) - units(a)) * BigInt(sign) > 0n ? b : a));
    return {
      symbol: 'AAPL',
      startDate: group[0]!.date,
      endDate: group.at(-1)!.date,
      open: group[0]!.open,
      high: by('high', 1),
      low: by('low', -1),
      close: group.at(-1)!.close,
      volume: String(group.reduce((sum, bar) => sum + Number(bar.volume), 0)),
      barCount: group.length,
    };
  });
}

const price = fc.integer({ min: 1, max: 9_999_999 }).map((cents) => (cents / 100).toFixed(2));
const history = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 1, max: 5 }),
      open: price,
      high: price,
      low: price,
      close: price,
      volume: fc.nat(1e9).map(String),
    }),
    { maxLength: 120 },
  )
  .map((steps) => {
    let day = toDays('2020-01-01');
    return steps.map(({ gap, ...bar }) => {
      day += gap;
      return { date: fromDays(day), ...bar };
    });
  });

describe('fold', () => {
  it('gives the groups of the definition for every interval', () => {
    fc.assert(
      fc.property(history, (bars) => {
        const { rows, end } = fold(bars);
        intervals.forEach((days, index) => {
          expect(rows[index]).toEqual(groupsOf(bars, days));
        });
        expect(end.nextOrdinal).toBe(bars.length);
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same groups from any bar on, told its ordinal', () => {
    fc.assert(
      fc.property(history, fc.nat(), (bars, seed) => {
        const first = bars.length === 0 ? 0 : seed % bars.length;
        const from = Math.max(0, first - (first % 8));
        const firstOrdinals = intervals.map((days) => (days === 8 ? from : Infinity));
        const { rows } = fold(bars.slice(from), { ordinal: from, firstOrdinals });
        expect(rows[2]).toEqual(groupsOf(bars, 8).slice(from / 8));
        expect(rows[0]).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('counts on from the base ordinal that retention left', () => {
    const bars = Array.from({ length: 10 }, (_, index) => ({
      date: fromDays(100 + index),
      open: '1',
      high: '1',
      low: '1',
      close: '1',
      volume: '1',
    }));
    const { rows } = fold(bars, { ordinal: 7, firstOrdinals: [9] }, [3]);
    expect(rows[0]?.map((row) => row.startDate)).toEqual([102, 105, 108].map(fromDays));
  });

  it('leaves out groups that start after the last wanted day', () => {
    const bars = Array.from({ length: 10 }, (_, index) => ({
      date: fromDays(100 + index),
      open: '1',
      high: '1',
      low: '1',
      close: '1',
      volume: '1',
    }));
    const { rows } = fold(bars, { through: 104 }, [3]);
    expect(rows[0]?.map((row) => row.startDate)).toEqual([100, 103].map(fromDays));
  });

  it('compares prices that a double cannot tell apart', () => {
    const bar = { open: '1', close: '1', volume: '0' };
    const { rows } = fold(
      [
        { date: '2024-01-02', high: '900000000000000.0000000001', low: '0.00000000000000000002', ...bar },
        { date: '2024-01-03', high: '900000000000000.0000000002', low: '0.00000000000000000001', ...bar },
        { date: '2024-01-04', high: '900000000000000.0000000001', low: '0.00000000000000000002', ...bar },
      ],
      {},
      [3],
    );
    expect(rows[0]?.[0]).toMatchObject({ high: '900000000000000.0000000002', low: '0.00000000000000000001' });
  });

  it.each(['2024-01-02', '2024-01-03'])('refuses a bar of %s after one of 2024-01-03', (date) => {
    const bar = { open: '1', high: '1', low: '1', close: '1', volume: '1' };
    expect(() =>
      fold([
        { date: '2024-01-03', ...bar },
        { date, ...bar },
      ]),
    ).toThrow('out of order');
  });

  it('knows the start of the newest group of each interval, complete or not', () => {
    const bar = { open: '1', high: '1', low: '1', close: '1', volume: '1' };
    const bars = Array.from({ length: 10 }, (_, index) => ({ date: fromDays(100 + index), ...bar }));
    expect(fold(bars, {}, [3, 5, 8, 13]).end).toEqual({
      nextOrdinal: 10,
      lastDate: 109,
      lastStarts: [109, 105, 108, 100],
    });
    expect(fold(bars, { ordinal: 7, firstOrdinals: [9, 20] }, [3, 5]).end).toEqual({
      nextOrdinal: 17,
      lastDate: 109,
      lastStarts: [108, undefined],
    });
  });

  it('carries nothing over from one symbol to the next', () => {
    const folding = new Fold([3, 5]);
    const values = Buffer.concat(['7', '9', '5', '6', '100'].map(binaryNumeric));
    const at = [0, 10, 20, 30, 40] as const;
    const range = { ordinal: 0, firstOrdinals: [0, 0], through: Infinity };
    folding.begin({ symbol: 'A', ...range });
    for (let day = 100; day < 104; day++) folding.add(values, day, ...at);
    folding.end();
    folding.begin({ symbol: 'B', ...range });
    expect(folding.end()).toEqual({
      nextOrdinal: 0,
      lastDate: undefined,
      lastStarts: [undefined, undefined],
    });
    folding.begin({ symbol: 'C', ...range });
    folding.add(values, 50, ...at);
    folding.end();
    expect(
      rowsOf(folding.rows(0)).map((row) => [row.symbol, row.startDate, row.volume, row.barCount]),
    ).toEqual([
      ['A', fromDays(100), '300', 3],
      ['A', fromDays(103), '100', 1],
      ['C', fromDays(50), '100', 1],
    ]);
  });

  it('refuses a volume that is not finite', () => {
    const bytes = Buffer.concat([binaryNumeric('1'), Uint8Array.of(0, 0, 0, 0, 0xc0, 0, 0, 0)]);
    const folding = new Fold([3]);
    folding.begin({ symbol: 'AAPL', ordinal: 0, firstOrdinals: [0], through: Infinity });
    expect(() => folding.add(bytes, 100, 0, 0, 0, 0, 10)).toThrow('NaN');
  });
});
