/** Random histories of symbols, and what happens to them, as fast-check makes them. */
import fc from 'fast-check';
import { addDays } from '../../services/shared/calendar/day.ts';
import type { ModelBar, ModelHistory, ModelSymbol } from './bronze-model.ts';
import { type Random, random } from './random.ts';

export const firstDay = '2024-01-01';
/** Histories start within these days: gaps are as likely as neighbours. */
export const days = 120;

export const anyBar = fc
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
export type Parts = readonly (readonly [from: number, through: number])[];
export const allDays: Parts = [[0, days]];
const listed = fc.constantFrom<Parts>(
  allDays,
  [[60, days]],
  [[0, 60]],
  [
    [0, 40],
    [80, days],
  ],
);

/** Bars of days drawn from the parts: by a seed, for fast-check takes its time over each value, and makes long arrays rarely. */
function randomHistory(parts: Parts, draws: number, next: Random): ModelHistory {
  const history = new Map<string, ModelBar>();
  for (let draw = 0; draw < draws; draw++) {
    const offset = next(days + 1);
    if (!parts.some(([from, through]) => from <= offset && offset <= through)) continue;
    const low = 1 + next(500);
    const [open, close] = [low + next(21), low + next(21)];
    const high = Math.max(open, close) + next(21);
    history.set(addDays(firstDay, offset), { open, high, low, close, volume: next(1_000_001) });
  }
  return history;
}

/** From none to some 75 bars on the days of the parts. */
export const anyHistory = (parts: fc.Arbitrary<Parts>) =>
  fc
    .tuple(parts, fc.nat(120), fc.nat())
    .map(([some, draws, seed]) => randomHistory(some, draws, random(seed)));

/** A symbol's first bars, and what happens to it in three stages of up to four steps. */
export const anySymbol = (withSplits: boolean) =>
  fc.record({
    start: anyHistory(listed),
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
