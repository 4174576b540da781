import type { Bar, DailyBar } from '../../api.ts';
import { ask, route } from '../ask.ts';
import type { Group } from './readout.ts';

/** A pointer that only passes over a bar does not ask. */
const restMs = 90;
const keptGroups = 200;

/** Reads the days of the bar that is pointed at, the newest wish alone; what was read of an unchanged bar is not read again. */
export function createGroups(onGroup: (group: Group) => void) {
  const known = new Map<string, readonly DailyBar[]>();
  let asking = new AbortController();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let wanted = '';

  async function read(
    symbol: string,
    interval: number,
    start: string,
    key: string,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const days = await ask<DailyBar[]>(route('group', { symbol, interval, start }), signal);
      if (known.size >= keptGroups) known.clear();
      known.set(key, days);
      if (key === wanted) onGroup({ kind: 'ready', days });
    } catch (error) {
      if (!signal.aborted) onGroup({ kind: 'failed', error: (error as Error).message });
    }
  }

  return (symbol: string, interval: number, bar: Bar): void => {
    const key = JSON.stringify([symbol, interval, bar]);
    if (key === wanted) return;
    wanted = key;
    clearTimeout(waiting);
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    const days = known.get(key);
    if (interval === 1) onGroup({ kind: 'none' });
    else if (days !== undefined) onGroup({ kind: 'ready', days });
    else {
      onGroup({ kind: 'loading' });
      waiting = setTimeout(() => void read(symbol, interval, bar.start, key, signal), restMs);
    }
  };
}
