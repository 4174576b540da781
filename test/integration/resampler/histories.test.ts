import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resampleChunk } from '../../../services/resampler/resample-chunk.ts';
import { fromDays } from '../../../services/resampler/trading-date.ts';
import { groupsOf, type ModelBar, type ModelHistory, moveBronze } from '../../support/bronze-model.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';

const intervals = [3, 5, 8, 13, 21, 34];
/** Random histories that one run of the property takes through the database at once. */
const symbolsPerRun = 100;
const runs = Number(process.env['FIBBARS_TEST_HISTORIES'] ?? 10_000) / symbolsPerRun;
const firstDay = 8_766;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

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
/** A day within some 120: gaps are as likely as neighbours. */
const day = fc.nat(120);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      gap: fc.integer({ min: 1, max: 4 }),
      bar: anyBar,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('put' as const), day, bar: anyBar }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), day }) },
);
const symbolCase = fc.record({
  start: fc.array(fc.tuple(day, anyBar), { maxLength: 90 }),
  /** The steps of each stage are committed together, and silver follows after each stage. */
  stages: fc.array(fc.array(step, { minLength: 0, maxLength: 4 }), { minLength: 3, maxLength: 3 }),
});

type Step =
  | { kind: 'append'; gap: number; bar: ModelBar }
  | { kind: 'put'; day: number; bar: ModelBar }
  | { kind: 'remove'; day: number };

function applied(history: ModelHistory, steps: readonly Step[]): ModelHistory {
  const next = new Map(history);
  for (const each of steps) {
    if (each.kind === 'put') next.set(fromDays(firstDay + each.day), each.bar);
    else if (each.kind === 'remove') next.delete(fromDays(firstDay + each.day));
    else {
      const last = [...next.keys()].toSorted().at(-1) ?? fromDays(firstDay);
      next.set(
        fromDays(Math.round(Date.parse(`${last}T00:00:00Z`) / 86_400_000) - 10_957 + each.gap),
        each.bar,
      );
    }
  }
  return next;
}

/** All tables of the symbols, one text a bar, in key order. */
async function storedSilver(symbols: readonly string[]): Promise<string[]> {
  const rows = await database.db.query<{ bar: string }>(
    intervals
      .map(
        (days) =>
          `select ${days} as days, symbol, start_date,
                  concat_ws(' ', ${days}, symbol, start_date, end_date, open, high, low, close, volume, bar_count) as bar
             from public.silver_${days}d where symbol = any($1)`,
      )
      .join(' union all ')
      .concat(' order by days, symbol, start_date'),
    [symbols],
  );
  return rows.map((row) => row.bar);
}

function expectedSilver(symbols: readonly string[], models: readonly ModelHistory[]): string[] {
  return intervals.flatMap((days) =>
    symbols.flatMap((symbol, index) =>
      groupsOf(models[index]!, days).map((bar) =>
        [
          days,
          symbol,
          bar.startDate,
          bar.endDate,
          bar.open,
          bar.high,
          bar.low,
          bar.close,
          bar.volume,
          bar.barCount,
        ].join(' '),
      ),
    ),
  );
}

let run = 0;

it(`holds silver to the definition over ${runs * symbolsPerRun} random histories and three rounds of random changes of each`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(symbolCase, { minLength: symbolsPerRun, maxLength: symbolsPerRun }),
      async (cases) => {
        // Names of its own spare each run the emptying of the tables.
        run++;
        const symbols = cases.map((_, index) => `R${run}.${String(index).padStart(3, '0')}`);
        let models = cases.map((): ModelHistory => new Map());
        for (let stage = 0; stage < 4; stage++) {
          const next = cases.map(({ start, stages }, index) =>
            stage === 0
              ? new Map(start.map(([offset, value]) => [fromDays(firstDay + offset), value]))
              : applied(models[index]!, stages[stage - 1]!),
          );
          await database.db.transaction((client) =>
            moveBronze(
              client,
              symbols.map((symbol, index) => ({ symbol, from: models[index]!, to: next[index]! })),
              intervals,
            ),
          );
          models = next;
          await database.db.transaction((client) =>
            resampleChunk(client, { runId: randomUUID(), jobId: null, symbols, intervals }),
          );
          expect(await storedSilver(symbols)).toEqual(expectedSilver(symbols, models));
        }
        expect(await database.db.query('select * from ops.invalidation')).toEqual([]);
      },
    ),
    { numRuns: runs, endOnFailure: true },
  );
}, 600_000);
