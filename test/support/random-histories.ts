/** Random histories of symbols, and what happens to them, as fast-check makes them. */
import fc from 'fast-check';
import { addDays } from '../../services/shared/calendar/day.ts';
import type { ModelBar, ModelHistory, ModelSymbol } from './bronze-model.ts';

export const firstDay = '2024-01-01';
/** Histories start within these days: gaps are as likely as neighbours. */
export const days = 120;

const anyBar = fc
  .tuple(fc.integer({ min: 1, max: 500 }), fc.nat(20), fc.nat(20), fc.nat(20), fc.nat(1_000_000))
  .map(
    ([low, a, b, more, volume]): ModelBar => ({
      low,
      open: low + a,
      close: low + b,
      high: low + Math.max(a, b) + more,
      volume,
    }),
  );
export const anyDay = fc.nat(days).map((offset) => addDays(firstDay, offset));
/** Few days, so that a split meets itself; the last of them is mostly still to come. */
const anyExDate = fc.constantFrom(20, 47, 80, 112, 150).map((offset) => addDays(firstDay, offset));
const anyRatio = fc.constantFrom<[string, string]>(
  ['1', '7'],
  ['1', '4'],
  ['2', '3'],
  ['1', '1.05'],
  ['10', '1'],
  ['1.5', '1'],
);

const barStep = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      gap: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 1, max: 4 }) },
        fc.integer({ min: 30, max: 60 }),
      ),
      bar: anyBar,
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), day: anyDay, bar: anyBar }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('remove' as const), day: anyDay }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove all' as const) }) },
);
const splitStep = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('split' as const), exDate: anyExDate, ratio: anyRatio }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unsplit' as const), exDate: anyExDate }) },
);
export type Step =
  | (typeof barStep extends fc.Arbitrary<infer Value> ? Value : never)
  | (typeof splitStep extends fc.Arbitrary<infer Value> ? Value : never);

/** Parts of the days on which a symbol is traded, as offsets. */
const listed = fc.constantFrom<readonly [from: number, through: number][]>(
  [[0, days]],
  [[60, days]],
  [[0, 60]],
  [
    [0, 40],
    [80, days],
  ],
);

/** A symbol's first bars, and what happens to it in three stages of up to four steps. */
export const anySymbol = (withSplits: boolean) =>
  fc.record({
    start: fc
      .tuple(listed, fc.array(fc.tuple(fc.nat(days), anyBar), { maxLength: 90 }))
      .map(
        ([parts, bars]): ModelHistory =>
          new Map(
            bars
              .filter(([offset]) => parts.some(([from, through]) => from <= offset && offset <= through))
              .map(([offset, bar]) => [addDays(firstDay, offset), bar]),
          ),
      ),
    stages: fc.array(
      fc.array(withSplits ? fc.oneof(barStep, splitStep) : barStep, { minLength: 0, maxLength: 4 }),
      { minLength: 3, maxLength: 3 },
    ),
  });

/** The symbol after the steps. */
export function applied(symbol: ModelSymbol, steps: readonly Step[]): ModelSymbol {
  const history = new Map(symbol.history);
  const splits = new Map(symbol.splits);
  for (const step of steps) {
    if (step.kind === 'put') history.set(step.day, step.bar);
    else if (step.kind === 'remove') history.delete(step.day);
    else if (step.kind === 'remove all') history.clear();
    else if (step.kind === 'split') splits.set(step.exDate, step.ratio);
    else if (step.kind === 'unsplit') splits.delete(step.exDate);
    else history.set(addDays([...history.keys()].toSorted().at(-1) ?? firstDay, step.gap), step.bar);
  }
  return { history, splits };
}
