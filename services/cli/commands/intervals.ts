import { readIntervals } from '../../../sql/queries/read-intervals.ts';
import { addInterval } from '../../resampler/add-interval.ts';
import type { Client } from '../../shared/database.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import { counted } from '../format.ts';
import type { Output } from '../output.ts';
import { type ChangeDeps, stoppedEarly, workIn } from './work-in.ts';

/** Adds an interval and fills its table. One that is there already is no failure. */
export async function intervalsAdd(deps: ChangeDeps, days: number): Promise<number> {
  const { place, output } = deps;
  const restated = await addInterval(place.db, days);
  const worked = await workIn(deps, restated);
  const added = restated.changeId !== null;
  output.document({ interval: days, table: `silver_${days}d`, added, ...worked });
  if (!added) {
    output.say(`There are bars of ${days} days already, in silver_${days}d`);
  } else if (worked.complete) {
    const bars = worked.otherChanges === 0 ? counted(worked.changedRows, 'bar') : 'the bars';
    output.say(`silver_${days}d has ${bars} of ${counted(worked.symbols, 'symbol')}`);
  }
  if (!worked.complete) output.say(stoppedEarly);
  return worked.complete ? exitCodes.done : exitCodes.failed;
}

export async function intervalsList(client: Client, output: Output): Promise<number> {
  const intervals = await readIntervals(client);
  output.document({ intervals: intervals.map((days) => ({ days, table: `silver_${days}d` })) });
  for (const days of intervals) output.say(`${days} days, in silver_${days}d`);
  return exitCodes.done;
}
