import { formatAge } from './format.ts';

/** So many updates tell the rate: a backfill that goes on skips days at first, at a rate that says nothing of the rest. */
export const recentUpdates = 20;

export type Pace = {
  /** Takes what is done of it at a time in milliseconds, and says how fast it went of late and what is left; empty while unknown. */
  readonly add: (done: number, total: number, atMs: number) => string;
};

/** `4.2 days/s · 3 min left`, or below one a second `12.0 days/min · 35 s left`. */
export function paceOf(unit: string): Pace {
  const updates: { readonly done: number; readonly atMs: number }[] = [];
  return {
    add(done, total, atMs) {
      updates.push({ done, atMs });
      if (updates.length > recentUpdates) updates.shift();
      const first = updates[0] ?? { done, atMs };
      const perSecond = ((done - first.done) / (atMs - first.atMs)) * 1_000;
      if (!Number.isFinite(perSecond) || perSecond <= 0) return '';
      const rate =
        perSecond < 1 ? `${(perSecond * 60).toFixed(1)} ${unit}/min` : `${perSecond.toFixed(1)} ${unit}/s`;
      return `${rate} · ${formatAge(((total - done) / perSecond) * 1_000)} left`;
    },
  };
}
