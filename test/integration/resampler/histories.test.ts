import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addInterval } from '../../../services/resampler/add-interval.ts';
import { resample } from '../../../services/resampler/resample.ts';
import { resampleChunk } from '../../../services/resampler/resample-chunk.ts';
import type { ModelSymbol } from '../../support/bronze-model.ts';
import { definedSilver, storedSilver } from '../../support/compare-silver.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { allKinds, type Kind, kindsBetween } from '../../support/history-kinds.ts';
import { moveBronze } from '../../support/move-bronze.ts';
import { anyDay, anySymbol, applied } from '../../support/random-histories.ts';

/** Random histories that one run of the property takes through the database at once. */
const symbolsPerRun = 100;
const runs = Math.ceil(Number(process.env['FIBBARS_TEST_HISTORIES'] ?? 10_000) / symbolsPerRun);
/** From now and then on the tables are emptied, so that a long run does not fill the disk. */
const runsPerCleaning = 100;
/** In so many runs all that can happen does. */
const runsLookedInto = 10;
/** In its second stage the interval of 55 days is added. */
const runThatAdds = 2;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const market = fc.record({
  symbols: fc.array(
    fc.oneof({ weight: 2, arbitrary: anySymbol(false) }, { weight: 1, arbitrary: anySymbol(true) }),
    { minLength: symbolsPerRun, maxLength: symbolsPerRun },
  ),
  /** Days that no symbol has before the third stage. */
  lateDays: fc.uniqueArray(anyDay, { maxLength: 3 }),
});

let intervals = [3, 5, 8, 13, 21, 34];
async function addAndFill(days: number): Promise<void> {
  const { symbols } = await addInterval(database.db, days);
  intervals = [...intervals, days];
  await resample(
    {
      db: database.db,
      logger: pino({ level: 'silent' }),
      publish: () => Promise.resolve(),
      signal: new AbortController().signal,
    },
    { jobId: null, symbols, intervals, sessions: 1 },
  );
}

let run = 0;
let merged = 0;
let mostBars = 0;
const seen = new Set<Kind>();

it(
  `holds silver to the definition over ${runs * symbolsPerRun} random histories and three rounds of random changes of each`,
  async () => {
    await fc.assert(
      fc.asyncProperty(market, async ({ symbols: cases, lateDays }) => {
        // Names of its own spare each run the emptying of the tables.
        run++;
        if (run % runsPerCleaning === 0) await emptyTables();
        const symbols = cases.map((_, index) => `R${run}.${String(index).padStart(3, '0')}`);
        let models = cases.map((): ModelSymbol => ({ history: new Map() }));
        for (let stage = 0; stage < 4; stage++) {
          const next = cases.map(({ start, stages }, index): ModelSymbol => {
            if (stage === 0)
              return { history: new Map([...start].filter(([day]) => !lateDays.includes(day))) };
            const symbol = applied(models[index]!, stages[stage - 1]!);
            if (stage !== 3) return symbol;
            const late = [...start].filter(([day]) => lateDays.includes(day));
            return { ...symbol, history: new Map([...symbol.history, ...late]) };
          });
          await database.db.transaction((client) =>
            moveBronze(
              client,
              symbols.map((symbol, index) => ({ symbol, from: models[index]!, to: next[index]! })),
              intervals,
            ),
          );
          if (run <= runsLookedInto) {
            next.forEach((to, index) => {
              for (const kind of kindsBetween(models[index]!, to)) seen.add(kind);
              mostBars = Math.max(mostBars, to.history.size);
            });
          }
          models = next;
          if (run === runThatAdds && stage === 2) await addAndFill(55);
          merged += (
            await database.db.transaction((client) =>
              resampleChunk(client, { runId: randomUUID(), jobId: null, symbols, intervals }),
            )
          ).merged;
          const stored = await database.db.withClient((client) => storedSilver(client, symbols, intervals));
          const expected = definedSilver(
            new Map(symbols.map((symbol, index) => [symbol, models[index]!])),
            intervals,
          );
          expect(stored).toEqual(expected);
        }
        expect(await database.db.query('select * from ops.invalidation')).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: true },
    );
    expect(allKinds.filter((kind) => !seen.has(kind))).toEqual([]);
    expect(merged).toBeGreaterThan(0);
    // One whole group of the longest interval, and a bar of the next.
    expect(mostBars).toBeGreaterThan(55);
  },
  60_000 + runs * 10_000,
);

async function emptyTables(): Promise<void> {
  await database.db.query(
    `truncate public.raw_ohlcv, ops.symbol, ops.change, ops.outbox, ops.run, ops.split, ops.invalidation,
       ${intervals.map((days) => `public.silver_${days}d`).join(', ')}`,
  );
}
