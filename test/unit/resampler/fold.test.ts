import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bars } from '../../../services/resampler/bars.ts';
import { type FoldRange, fold as foldBars } from '../../../services/resampler/fold.ts';
import { nextRow, readBar, type SilverBar } from '../../../services/resampler/silver-row.ts';
import { fromDays, toDays } from '../../../services/resampler/trading-date.ts';
import { type BronzeBar, barBytes, barsOf } from '../../support/bar-bytes.ts';
import { units } from '../../support/binary-numeric.ts';
import { toEnd } from '../../support/to-end.ts';

type Bar = Omit<BronzeBar, 'symbol'>;

const intervals = [3, 5, 8, 13, 21, 34];

function fold(bars: readonly Bar[], range: Partial<FoldRange> = {}, days = intervals) {
  const whole = { symbol: 'AAPL', ordinal: 0, firstOrdinals: days.map(() => 0), through: Infinity };
  const series = barsOf(
    ['AAPL'],
    bars.map((bar) => ({ symbol: 'AAPL', ...bar })),
  );
  const { symbols, rows } = toEnd(foldBars(series, [{ ...whole, ...range }], days));
  return { end: symbols[0]!, rows: rows.map(rowsOf) };
}

function rowsOf(bytes: Uint8Array): SilverBar[] {
  const rows: SilverBar[] = [];
  for (let at = 0; at < bytes.length; at = nextRow(bytes, at)) {
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
    { maxLength: 120, size: 'max' },
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
      { numRuns: 100 },
    );
  }, 60_000);

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
      { numRuns: 100 },
    );
  }, 60_000);

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

  it('counts on from an ordinal in the middle of a group', () => {
    const bar = { open: '1', high: '1', low: '1', close: '1', volume: '1' };
    const bars = Array.from({ length: 6 }, (_, index) => ({ date: fromDays(100 + index), ...bar }));
    const { rows } = fold(bars, { ordinal: 7, firstOrdinals: [0] }, [3]);
    expect(rows[0]?.map((row) => row.barCount)).toEqual([2, 3, 1]);
  });

  it('takes values of any length', () => {
    const long = (digit: string) => `${digit.repeat(300)}.${digit.repeat(40)}`;
    const bars = ['1', '3', '2', '1'].map((digit, index) => ({
      date: fromDays(100 + index),
      open: long(digit),
      high: long(digit),
      low: long(digit),
      close: long(digit),
      volume: long(digit),
    }));
    const three = { open: long('1'), high: long('3'), low: long('1'), close: long('2'), volume: long('6') };
    const one = { open: long('1'), high: long('1'), low: long('1'), close: long('1'), volume: long('1') };
    expect(fold(bars, {}, [3]).rows[0]).toMatchObject([three, one]);
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
        { date: '2024-01-04', high: '900000000000000.0000000001', low: '0.00000000000000000003', ...bar },
      ],
      {},
      [3],
    );
    expect(rows[0]?.[0]).toMatchObject({ high: '900000000000000.0000000002', low: '0.00000000000000000001' });
  });

  it('refuses two bars of one day', () => {
    const bar = { date: '2024-01-03', open: '1', high: '1', low: '1', close: '1', volume: '1' };
    expect(() => fold([bar, bar])).toThrow('two bars');
    expect(() => fold([{ ...bar, date: '2024-01-02' }, bar, bar])).toThrow('two bars');
  });

  it('puts the bars of each symbol in order, however they come', () => {
    const bar = (symbol: string, day: number) => ({
      symbol,
      date: fromDays(day),
      open: `${day}`,
      high: `${day + 5}`,
      low: '1',
      close: `${day + 1}`,
      volume: `${day}`,
    });
    const range = { ordinal: 0, firstOrdinals: [0], through: Infinity };
    const days = [100, 101, 102, 103, 104, 105, 106];
    const ordered = ['A', 'AB', 'B'].flatMap((symbol) => days.map((day) => bar(symbol, day)));
    const ranges = ['A', 'AB', 'B'].map((symbol) => ({ symbol, ...range }));
    const rowsFrom = (bars: readonly BronzeBar[], pieces: number) =>
      Buffer.from(toEnd(foldBars(barsOf(['A', 'AB', 'B'], bars, pieces), ranges, [3])).rows[0]!);
    const expected = rowsFrom(ordered, 10_000);
    expect(rowsOf(expected).map((row) => row.barCount)).toEqual([3, 3, 1, 3, 3, 1, 3, 3, 1]);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(ordered, { minLength: ordered.length }),
        fc.integer({ min: 1, max: 300 }),
        (shuffled, pieces) => {
          expect(rowsFrom(shuffled, pieces).equals(expected)).toBe(true);
        },
      ),
    );
  });

  it('refuses a bar of a symbol that was not asked for', () => {
    const bar = { date: '2024-01-03', open: '1', high: '1', low: '1', close: '1', volume: '1' };
    expect(() => barsOf(['A', 'C'], [{ symbol: 'B', ...bar }])).toThrow('B, which was not asked for');
  });

  it('takes several COPYs one after the other', () => {
    const bar = { open: '1', high: '1', low: '1', close: '1', volume: '1' };
    const bars = new Bars(['A', 'B']);
    for (const symbol of ['B', 'A']) {
      bars.beginCopy();
      bars.take(barBytes([{ symbol, date: '2024-01-03', ...bar }]));
    }
    const { order, starts } = bars.bySymbol();
    expect([...order, ...starts]).toEqual([1, 0, 0, 1, 2]);
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
    const values = { open: '7', high: '9', low: '5', close: '6', volume: '100' };
    const bar = (symbol: string, day: number) => ({ symbol, date: fromDays(day), ...values });
    const bars = [...[100, 101, 102, 103].map((day) => bar('A', day)), bar('C', 50)];
    const ranges = ['A', 'B', 'C'].map((symbol) => ({
      symbol,
      ordinal: 0,
      firstOrdinals: [0, 0],
      through: Infinity,
    }));
    const { symbols, rows } = toEnd(foldBars(barsOf(['A', 'B', 'C'], bars), ranges, [3, 5]));
    expect(symbols[1]).toEqual({
      nextOrdinal: 0,
      lastDate: undefined,
      lastStarts: [undefined, undefined],
    });
    expect(rowsOf(rows[0]!).map((row) => [row.symbol, row.startDate, row.volume, row.barCount])).toEqual([
      ['A', fromDays(100), '300', 3],
      ['A', fromDays(103), '100', 1],
      ['C', fromDays(50), '100', 1],
    ]);
  });

  it('refuses a volume that is not finite', () => {
    const bytes = barBytes([
      { symbol: 'AAPL', date: '2024-01-03', open: '1', high: '1', low: '1', close: '1', volume: '0' },
    ]);
    // The volume is the last field before the trailer: digits, weight, sign and scale, two bytes each.
    bytes[bytes.length - 2 - 4] = 0xc0;
    const bars = new Bars(['AAPL']);
    bars.beginCopy();
    expect(() => bars.take(bytes)).toThrow('NaN');
  });
});
