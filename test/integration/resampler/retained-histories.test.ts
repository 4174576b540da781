import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fromDays } from '../../../services/resampler/trading-date.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { createRetainedMarket, type DatedBar, type WholeBar } from '../../support/retained-market.ts';

/** Random histories that one run of the property takes through the database at once. */
const symbolsPerRun = 100;
const runs = Number(process.env['FIBBARS_TEST_RETAINED_HISTORIES'] ?? 1_000) / symbolsPerRun;
const firstDay = 8_766;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const anyBar = fc
  .tuple(fc.integer({ min: 1, max: 500 }), fc.nat(20), fc.nat(20), fc.nat(20), fc.nat(1_000_000))
  .map(
    ([low, a, b, more, volume]): WholeBar => ({
      low,
      open: low + a,
      close: low + b,
      high: low + Math.max(a, b) + more,
      volume,
    }),
  );
/** A day within some 120: gaps are as likely as neighbours. */
const day = fc.nat(120);
const anyDay = fc.tuple(day, anyBar);
const append = fc.tuple(fc.integer({ min: 1, max: 4 }), anyBar);
const stageOfSymbol = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      appended: fc.array(append, { minLength: 1, maxLength: 1 }),
      put: fc.constant([]),
      removed: fc.constant([]),
      cut: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      appended: fc.array(append, { maxLength: 3 }),
      put: fc.array(anyDay, { maxLength: 3 }),
      removed: fc.array(day, { maxLength: 1 }),
      cut: fc.boolean(),
    }),
  },
);
const stages = 5;
const anyCase = fc.record({
  symbols: fc.array(
    fc.record({
      start: fc.array(anyDay, { maxLength: 90, size: 'max' }),
      stages: fc.array(stageOfSymbol, { minLength: stages, maxLength: stages }),
    }),
    { minLength: symbolsPerRun, maxLength: symbolsPerRun },
  ),
  stages: fc.array(
    // The order of the change and the cut, and whether silver follows at once or after the next stage.
    fc.record({ cut: fc.option(day, { freq: 2 }), cutFirst: fc.boolean(), follows: fc.boolean() }),
    { minLength: stages, maxLength: stages },
  ),
});

let run = 0;
let merged = 0;

it(`holds silver to the whole history's groups over ${runs * symbolsPerRun} random histories, changed and cut five times`, async () => {
  await fc.assert(
    fc.asyncProperty(anyCase, async (generated) => {
      run++;
      // Names of its own spare each run the emptying of the tables.
      const names = generated.symbols.map((_, index) => `R${run}.${String(index).padStart(3, '0')}`);
      const nameOf = (index: number) => names[index] as string;
      const market = createRetainedMarket(database.db);
      const newest = generated.symbols.map(() => firstDay);
      const putAll = (bars: readonly (readonly [index: number, day: number, bar: WholeBar])[]) => {
        // One bar of a symbol and a day in a delivery, the last.
        const unique = new Map<string, DatedBar>();
        for (const [index, at, bar] of bars) {
          newest[index] = Math.max(newest[index] ?? 0, at);
          const dated = { symbol: nameOf(index), date: fromDays(at), bar };
          unique.set(`${dated.symbol} ${dated.date}`, dated);
        }
        return market.put([...unique.values()]);
      };
      await putAll(
        generated.symbols.flatMap(({ start }, index) =>
          start.map(([at, bar]) => [index, firstDay + at, bar] as const),
        ),
      );
      for (const [number, stage] of generated.stages.entries()) {
        const steps = generated.symbols.map((each) => each.stages[number]!);
        const change = async () => {
          await putAll(
            steps.flatMap(({ put, appended }, index) => {
              let last = newest[index] ?? firstDay;
              return [
                ...put.map(([at, bar]) => [index, firstDay + at, bar] as const),
                ...appended.map(([gap, bar]) => {
                  last += gap;
                  return [index, last, bar] as const;
                }),
              ];
            }),
          );
          for (const [index, { removed }] of steps.entries()) {
            for (const at of removed) await market.remove(nameOf(index), fromDays(firstDay + at));
          }
        };
        const cut = async () => {
          if (stage.cut === null) return;
          const symbols = names.filter((_, index) => steps[index]!.cut);
          await market.cut(fromDays(firstDay + stage.cut), symbols);
        };
        for (const step of stage.cutFirst ? [cut, change] : [change, cut]) await step();
        if (!stage.follows && number < stages - 1) continue;
        merged += (await market.resample()).merged;
        await market.expectRight();
      }
    }),
    { numRuns: runs, endOnFailure: true },
  );
  expect(merged).toBeGreaterThan(0);
}, 600_000);
