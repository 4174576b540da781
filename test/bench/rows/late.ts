import type { DeliveredRow } from '../../../services/fetcher/bar.ts';
import { type Change, createRewrites, rewriteTails, updateGroups } from '../floors/rewrite.ts';
import { createLevelFloors, expectLevel } from '../floors/tables.ts';
import { dateOf, deliveryOf, marketDay, saturdayAfter } from '../market.ts';
import { deep } from '../markets.ts';
import { timed } from '../measure.ts';
import type { Row, RowContext } from '../row.ts';
import type { Stand } from '../stand.ts';
import { ingest, resampleAll } from '../work.ts';

type Kind = {
  readonly name: string;
  /** At most this ratio, for so many symbols. */
  readonly goals: readonly (readonly [symbols: number, atMost: number])[];
  readonly floor: string;
  readonly runFloor: (stand: Stand, change: Change) => Promise<number>;
  /** The `step`-th change: bars of a day in mid-history, to be delivered now. */
  readonly changeOf: (stand: Stand, step: number) => { tradingDay: string; rows: DeliveredRow[] };
};

export const late: Row = {
  word: 'late',
  market: deep,
  rounds: 5,
  measureOn: (stand, context) =>
    measureChanges(stand, context, {
      name: 'a late bar in mid-history',
      goals: [
        [1, 2],
        [100, 1.6],
      ],
      floor: 'delete and insert of the finished tails',
      runFloor: rewriteTails,
      changeOf({ market }, step) {
        const day = inTheMiddle(market.days, 5 * step);
        return { tradingDay: saturdayAfter(day), rows: [...marketDay(market, day)] };
      },
    }),
};

export const corrected: Row = {
  word: 'corrected',
  market: deep,
  rounds: 5,
  measureOn: (stand, context) =>
    measureChanges(stand, context, {
      name: 'a corrected bar in mid-history',
      goals: [
        [1, 2],
        [100, 2],
      ],
      floor: 'updates of the finished rows, one an interval',
      runFloor: updateGroups,
      changeOf({ market }, step) {
        const day = inTheMiddle(market.days, step);
        const rows = [...marketDay(market, day)].map((row) => ({ ...row, volume: `${row.volume}.5` }));
        return { tradingDay: dateOf(day), rows };
      },
    }),
};

async function measureChanges(stand: Stand, { add }: RowContext, kind: Kind): Promise<void> {
  await resampleAll(stand, 2);
  await createLevelFloors(stand);
  await createRewrites(stand);
  let step = 0;
  for (const [count, atMost] of kind.goals) {
    const symbols = Math.min(count, stand.symbols.length);
    let change: Change = { symbols: [], tradingDay: '' };
    await add({
      works: [
        {
          name: `${kind.name}, ${symbols} ${symbols === 1 ? 'symbol' : 'symbols'}`,
          goal: { atMost },
          async prepare() {
            const { tradingDay, rows } = kind.changeOf(stand, step++);
            const some = spread(rows, symbols);
            change = { tradingDay, symbols: some.map((row) => row.symbol) };
            await ingest(stand, deliveryOf(tradingDay, some));
          },
          // A job is given the symbols that changed.
          run: () => timed(() => resampleAll({ ...stand, symbols: change.symbols }, 1)),
        },
      ],
      floor: kind.floor,
      runFloor: () => kind.runFloor(stand, change),
      warmUp: true,
    });
  }
  await expectLevel(stand, 'floor');
}

/** Steps to both sides of the middle: 0, 1, -1, 2, … times. */
function inTheMiddle(days: number, step: number): number {
  const side = step % 2 === 0 ? -1 : 1;
  return Math.floor(days / 2) + side * Math.ceil(step / 2);
}

/** So many of the rows, spread over all of them. */
function spread<T>(rows: readonly T[], count: number): T[] {
  return Array.from({ length: Math.min(count, rows.length) }, (_, index) => index)
    .map((index) => rows[Math.floor(((index + 0.5) * rows.length) / count)])
    .filter((row) => row !== undefined);
}
