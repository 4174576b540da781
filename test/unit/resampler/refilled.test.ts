import { expect, it } from 'vitest';
import { refilled } from '../../../services/resampler/refilled.ts';
import { toDays } from '../../../services/resampler/trading-date.ts';
import type { SymbolState } from '../../../sql/queries/lock-symbols.ts';

const state: SymbolState = {
  symbol: 'AAPL',
  source: 'test',
  deliveredAdjusted: false,
  barCount: 40,
  baseOrdinal: 7,
  retainedFrom: null,
  firstDate: '2024-01-02',
  lastDate: '2024-03-28',
  openStart: ['2024-03-28', '2024-03-27'],
};
const folded = {
  nextOrdinal: 47,
  lastDate: toDays('2024-03-28'),
  lastStarts: [toDays('2024-03-28'), toDays('2024-03-27')],
};
const kept = { symbol: 'AAPL', barCount: 40, lastDate: '2024-03-28', openStart: state.openStart };

it('writes nothing when the state is right', () => {
  expect(refilled('AAPL', state, folded)).toEqual([]);
});

it.each([
  ['the starts were unknown', { openStart: null }],
  ['an interval was added', { openStart: ['2024-03-28'] }],
  ['a start is another', { openStart: ['2024-03-28', '2024-03-26'] }],
  ['the count is another', { barCount: 41 }],
  ['the last day is another', { lastDate: '2024-03-29' }],
  ['there were no bars', { barCount: 0, lastDate: null, openStart: null }],
] as const)('writes what was read when %s', (_, wrong) => {
  expect(refilled('AAPL', { ...state, ...wrong }, folded)).toEqual([kept]);
});

it('counts the bars from the base that retention left', () => {
  expect(refilled('AAPL', { ...state, baseOrdinal: 0 }, folded)).toEqual([{ ...kept, barCount: 47 }]);
});

it('does not know the starts when a group of some interval was not read', () => {
  const partly = { ...folded, lastStarts: [toDays('2024-03-28'), undefined] };
  expect(refilled('AAPL', state, partly)).toEqual([{ ...kept, openStart: null }]);
});

it('keeps the last day when the change took bars off the end and none was read', () => {
  const nothing = { nextOrdinal: 47, lastDate: undefined, lastStarts: [undefined, undefined] };
  expect(refilled('AAPL', state, nothing)).toEqual([{ ...kept, openStart: null }]);
  expect(refilled('AAPL', { ...state, openStart: null }, nothing)).toEqual([]);
});

it('says nothing of a symbol without a state or without a fold', () => {
  expect(refilled('AAPL', undefined, folded)).toEqual([]);
  expect(refilled('AAPL', state, undefined)).toEqual([]);
});
