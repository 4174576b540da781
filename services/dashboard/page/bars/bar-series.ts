import type { Bar, Bars } from '../../api.ts';
import { ask, route } from '../ask.ts';

/** Enough for the first screens at any interval; older ones come while panning. */
const firstBars = 1_500;
const olderBars = 5_000;
/** Read again at the least when something has changed: a request of 300 bars costs what one of 3 does. */
const changedBars = 300;

/** The newest bars of a symbol. */
export async function loadNewest(symbol: string, interval: number, signal: AbortSignal): Promise<Bars> {
  return ask(route('bars', { symbol, interval, limit: firstBars }), signal);
}

/** The same with the bars before its first. */
export async function loadOlder(series: Bars, signal: AbortSignal): Promise<Bars> {
  const { symbol, interval } = series;
  const before = series.bars[0]?.start;
  if (before === undefined || !series.more) return series;
  const older = await ask<Bars>(route('bars', { symbol, interval, before, limit: olderBars }), signal);
  return { ...series, bars: [...older.bars, ...series.bars], more: older.more && older.bars.length > 0 };
}

/** The same with what has changed from the bar that starts on `fromDay`; null: anywhere. */
export async function loadChanged(series: Bars, fromDay: string | null, signal: AbortSignal): Promise<Bars> {
  const { symbol, interval, bars } = series;
  const touched =
    fromDay === null ? bars.length : bars.length - bars.findLastIndex((bar) => bar.end < fromDay) - 1;
  const limit = Math.max(touched + changedBars / 10, changedBars);
  const newest = await ask<Bars>(route('bars', { symbol, interval, limit }), signal);
  return joinNewest(series, newest, fromDay);
}

/**
 * Replaces the newest bars by an answer that was read later. Bars that start before `fromDay` have not changed; where the answer
 * does not reach back that far, because many bars have come, the answer alone is kept, and what is older is loaded when it is looked at.
 */
export function joinNewest(series: Bars, newest: Bars, fromDay: string | null): Bars {
  const first = newest.bars[0];
  const reaches = first !== undefined && newest.more && fromDay !== null && first.start <= fromDay;
  const kept = reaches ? series.bars.filter((bar) => bar.start < first.start) : [];
  return {
    ...newest,
    bars: [...kept, ...newest.bars],
    more: kept.length > 0 ? series.more : newest.more,
  };
}

/** The starts of the bars that are new or have another content. */
export function changedStarts(before: readonly Bar[], after: readonly Bar[]): Set<string> {
  const known = new Map(before.map((bar) => [bar.start, contentOf(bar)]));
  return new Set(after.filter((bar) => known.get(bar.start) !== contentOf(bar)).map((bar) => bar.start));
}

/** The bar in which a day lies, or the last before it; -1 when all are later. */
export function indexAt(bars: readonly Bar[], day: string): number {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bars[middle]?.start ?? '') <= day) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function contentOf({ end, open, high, low, close, volume }: Bar): string {
  return [end, open, high, low, close, volume].join(' ');
}
