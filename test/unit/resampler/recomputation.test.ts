import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromDays, toDays } from '../../../services/resampler/trading-date.ts';
import type { ModelSymbol } from '../../support/bronze-model.ts';
import { allDays, anyBar, anyDay, anyHistory } from '../../support/random-histories.ts';
import { recomputeInMemory, silverOf, type Work } from '../../support/recompute-in-memory.ts';

const intervals = [3, 5, 8, 13, 21, 34, 55];
const names = ['A', 'AAPL', 'B'] as const;

const history = anyHistory(fc.constant(allDays));
const ratio = fc.constantFrom<[string, string]>(
  ['1', '7'],
  ['10', '1'],
  ['1', '1.5'],
  ['3', '2'],
  ['1', '1.05'],
);
const splits = fc.array(fc.tuple(anyDay, ratio), { maxLength: 3 }).map((some) => new Map(some));
/** From no ordinal, and from one that retention left in the middle of the groups. */
const base = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(60));

const change = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), day: anyDay, bar: anyBar }),
  fc.record({ kind: fc.constant('append' as const), day: fc.constant('2024-06-03'), bar: anyBar }),
  fc.record({ kind: fc.constant('remove' as const), day: anyDay }),
  fc.record({ kind: fc.constant('split' as const), day: anyDay, ratio }),
);
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

/** The symbol after the change, and the days that it concerns. */
function changed(symbol: ModelSymbol, each: Change): { symbol: ModelSymbol; days: [string, string | null] } {
  if (each.kind === 'split') {
    const days: [string, string] = ['-infinity', fromDays(toDays(each.day) - 1)];
    return { symbol: { ...symbol, splits: new Map(symbol.splits).set(each.day, each.ratio) }, days };
  }
  const bars = new Map(symbol.history);
  if (each.kind === 'remove') bars.delete(each.day);
  else bars.set(each.day, each.bar);
  const corrected = each.kind !== 'remove' && symbol.history.has(each.day);
  return { symbol: { ...symbol, history: bars }, days: [each.day, corrected ? each.day : null] };
}

const symbolCase = fc.record({
  start: fc.record({ history, splits, base }),
  changes: fc.array(change, { maxLength: 3 }),
});

/** As the invalidations of a symbol merge. */
function merged(days: readonly [string, string | null][]): [string, string | null] {
  const from = days.map(([first]) => first).toSorted()[0]!;
  const through = days.map(([, last]) => last).filter((last) => last !== null);
  return [from, through.length < days.length ? null : through.toSorted().at(-1)!];
}

it('gives the definition for three symbols after changes of any kind', () => {
  fc.assert(
    fc.property(fc.tuple(symbolCase, symbolCase, symbolCase), (cases) => {
      const before = new Map(names.map((name, index) => [name, cases[index]!.start]));
      const after = new Map<string, ModelSymbol>(before);
      const work: Work[] = [];
      names.forEach((name, index) => {
        const { start, changes } = cases[index]!;
        const days: [string, string | null][] = [];
        let symbol: ModelSymbol = start;
        for (const each of changes) {
          const next = changed(symbol, each);
          symbol = next.symbol;
          days.push(next.days);
        }
        after.set(name, symbol);
        if (days.length === 0) return;
        const [fromDate, throughDate] = merged(days);
        const concern = { symbol: name, baseOrdinal: start.base, fromDate, throughDate, intervals: null };
        work.push({ symbol, concern });
      });
      expect(recomputeInMemory(silverOf(before, intervals), work, intervals)).toEqual(
        silverOf(after, intervals),
      );
    }),
    { numRuns: 100 },
  );
}, 60_000);

it('leaves the intervals alone that are not asked for', () => {
  const some = fc.subarray(intervals, { minLength: 1 });
  fc.assert(
    fc.property(history, base, some, anyDay, (bars, baseOrdinal, wanted, from) => {
      const symbol = { history: bars, base: baseOrdinal };
      const right = silverOf(new Map([['AAPL', symbol]]), intervals);
      const all = {
        symbol: 'AAPL',
        baseOrdinal,
        fromDate: '-infinity',
        throughDate: null,
        intervals: wanted,
      };
      const empty = intervals.map(() => []);
      expect(recomputeInMemory(empty, [{ symbol, concern: all }], intervals)).toEqual(
        right.map((rows, index) => (wanted.includes(intervals[index]!) ? rows : [])),
      );
      const suffix = { ...all, fromDate: from };
      expect(recomputeInMemory(right, [{ symbol, concern: suffix }], intervals)).toEqual(right);
    }),
    { numRuns: 50 },
  );
}, 60_000);
