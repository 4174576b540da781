import { expect } from 'vitest';
import { type FaultFigures, isFull } from './fault-figures.ts';
import type { Fault, Mode, Side } from './fault-points.ts';
import { judge } from './judge.ts';
import { type Life, live, type Process } from './mortal.ts';
import type { World } from './world.ts';

export type Program = {
  /** Runs it in a process that may have a fault. */
  readonly run: (process: Process, world: World) => Promise<unknown>;
  /** Takes over what the process leaves outside of the database. */
  readonly afterwards?: (world: World) => Promise<void> | void;
  /** Runs once more, without a fault, before the rest is drained: what a schedule, or Batch, does after a failure. */
  readonly again?: (process: Process, world: World) => Promise<unknown>;
  /** What else is not as it has to be at the end. */
  readonly judge?: (world: World) => readonly string[];
};

export type Enumerated = Omit<FaultFigures, 'row'> & {
  /** Statements and calls of a run without a fault. */
  readonly statements: readonly string[];
};

export type Selection = {
  readonly modes?: readonly Mode[] | undefined;
  /** Faults at these statements and calls alone. */
  readonly only?: (statement: string) => boolean;
  /** Whether the program has to come to its end in spite of the fault. */
  readonly mustEnd?: boolean;
};

/** Of every so many points one is tried, when not all are. */
const stride = 11;

/**
 * Runs the program once without a fault to count its statements and calls, and then once for each of them, each mode and each side.
 * After each run all is drained and judged, and bronze is what it became without a fault.
 */
export async function enumerateFaults(
  worlds: readonly World[],
  program: Program,
  { modes = ['crash', 'cut'], only, mustEnd = false }: Selection = {},
): Promise<Enumerated> {
  const [first] = worlds;
  if (first === undefined) throw new RangeError('no world to try faults in');
  const { points } = await runOnce(first, program, undefined);
  const expected = await bronzeOf(first);
  const faultless = await judge(first.db, first.heard);
  expect([...faultless.faults, ...(program.judge?.(first) ?? [])]).toEqual([]);
  const faults = choose(points.met, modes, only).values();
  const figures = { points: 0, survived: 0, rows: 0, lost: 0 };
  const wrong: object[] = [];
  let missed = 0;
  await Promise.all(
    worlds.map(async (world) => {
      for (const fault of faults) {
        const what = { ...fault, statement: points.met[fault.point - 1] };
        try {
          const life = await runOnce(world, program, fault);
          const { faults: judged, rows, lost } = await judge(world.db, world.heard);
          const found = [...judged, ...(program.judge?.(world) ?? [])];
          if ((await bronzeOf(world)) !== expected) found.push('bronze is not as without the fault');
          if (mustEnd && life.how !== 'ended') found.push(`it gave up: ${String(life.error)}`);
          const doubled = doubledJobs(world);
          if (doubled.length > 0) found.push(`submitted twice: ${doubled.join(', ')}`);
          if (found.length > 0) wrong.push({ ...what, how: life.how, found });
          // A poll more or less at the end: then there was no fault to survive.
          if (!life.points.reached) {
            missed++;
            continue;
          }
          figures.points++;
          figures.rows += rows;
          figures.lost += lost;
          if (found.length === 0) figures.survived++;
        } catch (error) {
          figures.points++;
          wrong.push({ ...what, error: String(error) });
        }
      }
    }),
  );
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(missed).toBeLessThanOrEqual(1 + figures.points / 50);
  return { ...figures, statements: points.met };
}

async function runOnce(world: World, program: Program, fault: Fault | undefined): Promise<Life> {
  await world.restore();
  const life = await live(world.endpoints, fault, (process) => program.run(process, world));
  if (fault === undefined && life.how !== 'ended') throw life.error;
  await program.afterwards?.(world);
  await program.again?.(world.immortal, world);
  await world.drain();
  return life;
}

function choose(met: readonly string[], modes: readonly Mode[], only: Selection['only']): Fault[] {
  const all = met.flatMap((statement, index) =>
    only?.(statement) === false
      ? []
      : modes.flatMap((mode) =>
          (['before', 'after'] satisfies Side[]).map((side) => ({ point: index + 1, side, mode })),
        ),
  );
  return isFull ? all : all.filter((_, index) => index % stride === 0);
}

/** Bronze, quarantine, splits and retention, as one text. */
async function bronzeOf({ db }: World): Promise<string> {
  const [row] = await db.query<{ text: string }>(
    `select (select json_agg(bar order by symbol, date) from public.raw_ohlcv bar)::text
         || coalesce((select json_agg((source, trading_day, position, reason, symbol) order by source, trading_day, position, reason)
                        from ops.quarantine)::text, '')
         || coalesce((select json_agg(split order by symbol, ex_date) from ops.split)::text, '')
         || (select json_agg((symbol, base_ordinal, retained_from) order by symbol) from ops.symbol)::text as text`,
  );
  return row?.text ?? '';
}

/** How many rows tell of what was done: more than without the fault, and something was done twice. */
export async function countDone({ db }: World): Promise<object | undefined> {
  const [counts] = await db.query(
    `select (select count(*)::int from ops.change) as changes, (select count(*)::int from ops.run) as runs,
            (select count(*)::int from ops.outbox) as events`,
  );
  return counts;
}

/** Claims of which Batch has more than one job. */
function doubledJobs({ jobs }: World): string[] {
  const claims = jobs.map((job) => job.parameters.job);
  return claims.filter((claim, index) => claims.indexOf(claim) !== index);
}
