import { prices } from '../prices.ts';
import type { Resource } from '../synthesise.ts';
import { type CostLine, line, type Month, ofType } from './lines.ts';

/** Trading days of history, and bytes of a daily bar with its part of silver and the keys. */
const history = { days: 1_260, bytesABar: 210 };

const { aurora } = prices;

export function databaseLines(resources: readonly Resource[], month: Month): CostLine[] {
  return ofType(resources, 'RDS::DBCluster').flatMap(({ Properties }) => {
    const { runs, share, symbols, minutes } = month;
    const { MinCapacity: least = 0.5, MaxCapacity: most = 1 } = (Properties?.[
      'ServerlessV2ScalingConfiguration'
    ] ?? {}) as { MinCapacity?: number; MaxCapacity?: number };
    const work = { minutes: minutes.fetch + minutes.resample, acu: Math.min(most, 1 + 3 * share) };
    const rest = { minutes: minutes.dispatcher + minutes.pause, acu: 1 };
    const acuHours = (runs * (work.minutes * work.acu + rest.minutes * rest.acu)) / 60;
    const gb = 0.2 + (symbols * history.days * history.bytesABar) / 1e9;
    const millionIo = 1 + 4 * share;
    return [
      line(
        'database, awake for the runs',
        acuHours * aurora.acuHour,
        `${runs.toFixed(0)} runs, as if each brought something: ${work.minutes.toFixed(1)} minutes at ${work.acu.toFixed(1)} ACU, ${rest.minutes} at ${rest.acu} until the dispatcher has stopped and it pauses`,
      ),
      line('database, storage', gb * aurora.gbMonth, `${gb.toFixed(1)} GB: ${history.days} days of history`),
      line('database, reads and writes', millionIo * aurora.millionIo, `${millionIo.toFixed(1)} million`),
      line('database, backups', gb * aurora.backupGbMonth, 'as much again as the data, above what is free'),
      ...(least === 0 ? [] : [awake(least, `never below ${least} ACU, so it never pauses`)]),
    ];
  });
}

/** @param acu units that it is never below */
export function awake(acu: number, why: string): CostLine {
  return line('TRAP: awake database', acu * prices.hoursAMonth * aurora.acuHour, why);
}
