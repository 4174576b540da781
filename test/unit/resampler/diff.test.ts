import { describe, expect, it } from 'vitest';
import { changedRows, diffRows } from '../../../services/resampler/diff.ts';
import { readBar, type SilverBar } from '../../../services/resampler/silver-row.ts';
import { fromDays, toDays } from '../../../services/resampler/trading-date.ts';
import { silverBars, silverBytes } from '../../support/silver-bytes.ts';

/** The complete bar of three days that starts `start` days after 2024-01-01. */
function bar(symbol: string, start: number, values: Partial<SilverBar> = {}): SilverBar {
  const day = (offset: number) => fromDays(toDays('2024-01-01') + offset);
  return {
    symbol,
    startDate: day(start),
    endDate: day(start + 2),
    open: '10.5',
    high: '12',
    low: '9.25',
    close: '11',
    volume: '1000',
    barCount: 3,
    ...values,
  };
}

function diff(stored: readonly SilverBar[], folded: readonly SilverBar[]) {
  const bytes = silverBytes(folded);
  const found = diffRows(silverBytes(stored), bytes, 3);
  const fresh = found.fresh.flatMap((from, index) =>
    index % 2 === 0 ? silverBars(bytes.subarray(from, found.fresh[index + 1])) : [],
  );
  return {
    ...found,
    fresh,
    changed: found.changed.map((at) => readBar(bytes, at)),
    rows: changedRows(found),
  };
}

const nothing = {
  gone: [],
  goneRows: 0,
  changed: [],
  fresh: [],
  freshRows: 0,
  symbols: [],
  completed: [],
  earliest: Infinity,
  rows: 0,
};
const days = (date: string) => toDays(date);

describe('the difference of stored and folded rows', () => {
  it('is nothing between equal rows, whatever decimals they show', () => {
    const rows = [bar('A', 0), bar('A', 3), bar('B', 0)];
    expect(diff(rows, rows)).toEqual(nothing);
    expect(diff([], [])).toEqual(nothing);
    const padded = rows.map((row) => ({ ...row, open: '10.50', high: '12.000', volume: '1000.0' }));
    expect(diff(rows, padded)).toEqual(nothing);
  });

  it('is every row into an empty table', () => {
    const rows = [bar('A', 0), bar('A', 3, { barCount: 1 }), bar('B', 3)];
    expect(diff([], rows)).toEqual({
      ...nothing,
      fresh: rows,
      freshRows: 3,
      symbols: ['A', 'B'],
      completed: ['A', 'B'],
      earliest: days('2024-01-01'),
      rows: 3,
    });
  });

  it('names the runs of rows that go, and none that stays between them', () => {
    const stored = [0, 3, 6, 9, 12].map((start) => bar('A', start));
    expect(diff([...stored, bar('B', 0)], [stored[2]!])).toEqual({
      ...nothing,
      gone: [
        { symbol: 'A', from: '2024-01-01', through: '2024-01-04' },
        { symbol: 'A', from: '2024-01-10', through: '2024-01-13' },
        { symbol: 'B', from: '2024-01-01', through: '2024-01-01' },
      ],
      goneRows: 5,
      symbols: ['A', 'B'],
      earliest: days('2024-01-01'),
      rows: 5,
    });
  });

  it('lets a run of rows that go go on over fresh ones', () => {
    const fresh = bar('A', 1);
    expect(diff([bar('A', 0), bar('A', 3)], [fresh])).toMatchObject({
      gone: [{ symbol: 'A', from: '2024-01-01', through: '2024-01-04' }],
      goneRows: 2,
      fresh: [fresh],
      rows: 3,
    });
  });

  it('takes the fresh rows and none of those between them', () => {
    const rows = [0, 3, 6, 9].map((start) => bar('A', start));
    const found = diff([rows[1]!, rows[2]!], rows);
    expect(found).toMatchObject({ fresh: [rows[0], rows[3]], freshRows: 2, gone: [], changed: [], rows: 2 });
  });

  it.each(['endDate', 'open', 'high', 'low', 'close', 'volume', 'barCount'] as const)(
    'sees another %s',
    (field) => {
      const rows = [0, 3, 6].map((start) => bar('A', start));
      const value = { endDate: '2024-01-07', barCount: 2 }[field as 'endDate'] ?? '10.75';
      const changed = { ...rows[1]!, [field]: value };
      expect(diff(rows, [rows[0]!, changed, rows[2]!])).toEqual({
        ...nothing,
        changed: [changed],
        symbols: ['A'],
        earliest: days('2024-01-04'),
        rows: 1,
      });
    },
  );

  it('tells a bar complete that was forming or not there, and none that was complete before', () => {
    const forming = { barCount: 2 };
    const stored = [bar('A', 0), bar('B', 0, forming), bar('C', 0, forming), bar('E', 0)];
    const folded = [
      bar('A', 0, { high: '13' }),
      bar('B', 0),
      bar('C', 0, { ...forming, high: '13' }),
      bar('D', 0),
      bar('D', 3),
    ];
    expect(diff(stored, folded)).toMatchObject({
      symbols: ['A', 'B', 'C', 'D', 'E'],
      completed: ['B', 'D'],
      goneRows: 1,
    });
  });

  it('tells the earliest start of what changed', () => {
    const stored = [bar('A', 30), bar('B', 9)];
    expect(diff(stored, [bar('A', 30, { low: '1' })]).earliest).toBe(days('2024-01-10'));
    expect(diff([bar('A', 6)], [bar('A', 9)]).earliest).toBe(days('2024-01-07'));
  });
});
