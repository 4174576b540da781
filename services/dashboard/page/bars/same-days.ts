import type { Bars } from '../../api.ts';

/**
 * What places the bars of one interval on the count of trading days: how many are loaded, and how many days the last one has.
 *
 *     5 days   ├────┤├────┤├────┤├──╌╌┤       both end on the same last trading day,
 *     8 days   ├───────┤├───────┤├─╌╌╌╌╌┤     so the one is a linear function of the other
 */
export type Extent = { readonly interval: number; readonly bars: number; readonly lastCount: number };

export function extentOf({ interval, bars }: Bars): Extent {
  return { interval, bars: bars.length, lastCount: bars.at(-1)?.count ?? 0 };
}

/**
 * The place on the axis of one chart that shows the same trading days as a place on the axis of another, both of one symbol.
 * Bar i lies from i - 0.5 to i + 0.5; places before the first and after the last bar go on evenly.
 */
export function samePlace(place: number, from: Extent, to: Extent): number {
  const daysFromEnd = (place + 0.5 - (from.bars - 1)) * from.interval - from.lastCount;
  return (daysFromEnd + to.lastCount) / to.interval + (to.bars - 1) - 0.5;
}
