import { describe, expect, it } from 'vitest';
import { type Concern, groupRange } from '../../../services/resampler/group-ranges.ts';

const day = (ordinal: number) => `2024-01-${String(ordinal + 1).padStart(2, '0')}`;
const concern: Concern = {
  symbol: 'AAPL',
  baseOrdinal: 0,
  fromDate: day(13),
  throughDate: null,
  intervals: null,
};
/** With a bar on every day from day 0 on. */
const located = {
  barsBefore: 13,
  datesBefore: [12, 11, 10, 9, 8, 7, 6].map(day),
  readThrough: null,
};

describe('the groups around a change', () => {
  it('start where the group of the changed bar starts, and are read from the earliest of these', () => {
    expect(groupRange(concern, located, [3, 5, 8])).toEqual({
      symbol: 'AAPL',
      ordinal: 8,
      readFrom: day(8),
      readThrough: 'infinity',
      startThrough: 'infinity',
      firstOrdinals: [12, 10, 8],
      storedFrom: [day(12), day(10), day(8)],
    });
  });

  it('start at the changed bar where that begins a group', () => {
    expect(groupRange({ ...concern, fromDate: day(12) }, { ...located, barsBefore: 12 }, [3])).toMatchObject({
      ordinal: 12,
      readFrom: day(12),
      firstOrdinals: [12],
      storedFrom: [day(12)],
    });
  });

  it('end with the group of the last changed bar, which is read to its own end', () => {
    expect(
      groupRange({ ...concern, throughDate: day(14) }, { ...located, readThrough: day(21) }, [3, 5, 8]),
    ).toMatchObject({ readThrough: day(21), startThrough: day(14) });
    expect(groupRange({ ...concern, throughDate: day(14) }, located, [3])).toMatchObject({
      readThrough: 'infinity',
      startThrough: day(14),
    });
  });

  it('are of the wanted intervals only', () => {
    expect(groupRange({ ...concern, intervals: [3] }, located, [3, 8])).toMatchObject({
      ordinal: 12,
      readFrom: day(12),
      firstOrdinals: [12, Infinity],
      storedFrom: [day(12), 'infinity'],
    });
  });

  it('count from the base, and none starts before the first bar kept', () => {
    const kept = { ...concern, baseOrdinal: 7, fromDate: '-infinity' };
    const nothingBefore = { barsBefore: 0, datesBefore: [], readThrough: null };
    expect(groupRange(kept, nothingBefore, [3, 5, 7, 8])).toMatchObject({
      ordinal: 7,
      readFrom: '-infinity',
      firstOrdinals: [9, 10, 7, 8],
    });
    const second = { barsBefore: 1, datesBefore: [day(0)], readThrough: null };
    expect(groupRange({ ...kept, fromDate: day(1) }, second, [3, 5])).toEqual({
      symbol: 'AAPL',
      ordinal: 7,
      readFrom: day(0),
      readThrough: 'infinity',
      startThrough: 'infinity',
      firstOrdinals: [9, 10],
      storedFrom: [day(0), day(0)],
    });
  });
});
