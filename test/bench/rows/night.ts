import { createLevelFloors } from '../floors/tables.ts';
import { upsertNewest } from '../floors/upsert.ts';
import { dateOf, marketDelivery } from '../market.ts';
import { large, wide } from '../markets.ts';
import { type Measured, timed } from '../measure.ts';
import type { Row, RowContext } from '../row.ts';
import type { Stand } from '../stand.ts';
import { ingest, resampleAll } from '../work.ts';

async function measureOn(stand: Stand, { add }: RowContext): Promise<void> {
  await resampleAll(stand, 2);
  await createLevelFloors(stand);
  let tradingDay = '';
  await add({
    works: [
      {
        name: 'a night: a day that was ingested, 1 session',
        goal: { atMost: 1.2 },
        async prepare() {
          const day = stand.nextDay();
          tradingDay = dateOf(day);
          await ingest(stand, marketDelivery(stand.market, day));
        },
        run: () => timed(() => resampleAll(stand, 1)),
      },
    ],
    floor: 'bare upsert of the finished rows, 1 session',
    runFloor: () => upsertNewest(stand, tradingDay),
  });
}

export const night: Row = { word: 'night', market: wide, rounds: 5, measureOn };

/** The same after more history: what a night costs must not depend on it. */
export const longNight: Row = { word: 'long-night', market: large, rounds: 5, measureOn };

/** The ratio after more history beside the ratio after less. */
export function compareNights(measured: readonly Measured[]): Measured | undefined {
  const [short, long] = [night, longNight].map(({ word }) => measured.find(({ row }) => row === word));
  if (!short || !long) return undefined;
  return {
    ...long,
    work: `a night after ${long.market.days} days of history: its ratio`,
    floor: `the ratio after ${short.market.days} days`,
    unit: '×',
    workValue: long.ratio,
    floorValue: short.ratio,
    ratio: long.ratio / short.ratio,
    goal: { atMost: 1.25 },
  };
}
