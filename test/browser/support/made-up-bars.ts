import type { Bar, DailyBar, Day, DayState, Pipeline, Trace } from '../../../services/dashboard/api.ts';
import { addDays, weekday } from '../../../services/shared/calendar/day.ts';
import { random } from '../../support/random.ts';

/** A walk of whole cents over weekdays, the same in every run. */
export function dailyBars(seed: number, days: number, from = '2001-01-02'): DailyBar[] {
  const draw = random(seed + 1);
  const bars: DailyBar[] = [];
  let close = 4_000 + draw(12_000);
  for (let day = from; bars.length < days; day = addDays(day, 1)) {
    if (weekday(day) % 6 === 0) continue;
    const open = close + draw(61) - 30;
    close = Math.max(open + draw(401) - 198, 300);
    const [high, low] = [Math.max(open, close) + draw(120), Math.min(open, close) - draw(120)];
    bars.push({
      day,
      open: cents(open),
      high: cents(high),
      low: cents(low),
      close: cents(close),
      volume: `${9_000_000 + draw(60_000_000)}.25`,
    });
  }
  return bars;
}

export type Group = { readonly bar: Bar; readonly days: readonly DailyBar[] };

export function groupsOf(days: readonly DailyBar[], interval: number): Group[] {
  const groups: Group[] = [];
  for (let at = 0; at < days.length; at += interval) groups.push(groupOf(days.slice(at, at + interval)));
  return groups;
}

function groupOf(days: readonly DailyBar[]): Group {
  const [first, last] = [days[0]!, days.at(-1)!];
  const values = (name: 'high' | 'low' | 'volume') => days.map((day) => Number(day[name]));
  const bar = {
    start: first.day,
    end: last.day,
    open: first.open,
    high: Math.max(...values('high')).toFixed(2),
    low: Math.min(...values('low')).toFixed(2),
    close: last.close,
    volume: values('volume')
      .reduce((sum, value) => sum + value, 0)
      .toFixed(2),
    count: days.length,
  };
  return { bar, days };
}

export function madeUpPipeline(symbols: number, lastDay: string | null): Pipeline {
  return {
    at: new Date().toISOString(),
    bronze: { bars: symbols * 6_000, lastDay, missingDays: 1 },
    outbox: { unpublished: 2, oldestAgeSeconds: 1 },
    bus: { events: 12_345 },
    queue: { waiting: 7, inFlight: 2 },
    deadLetters: 1,
    jobs: { claimed: 1, running: 1, failed: 0, succeeded: 412 },
    pending: { invalidations: 31, symbols: 4, oldestAgeSeconds: 190 },
    silver: [3, 5, 8, 13, 21, 34].map((interval) => ({
      interval,
      bars: Math.ceil(6_000 / interval) * symbols,
    })),
  };
}

const rare: Readonly<Record<number, DayState>> = { 11: 'late', 29: 'restated', 41: 'missing', 53: 'holiday' };

export function madeUpDays(from: string, through: string, lastDay: string): Day[] {
  const days: Day[] = [];
  for (let day = from, at = 0; day <= through; day = addDays(day, 1), at += 1) {
    const state =
      weekday(day) % 6 === 0 ? 'weekend' : day > lastDay ? 'outside' : (rare[at % 61] ?? 'complete');
    const bars = ['complete', 'late', 'restated'].includes(state) ? 5 : 0;
    days.push({
      day,
      state,
      note: state === 'holiday' ? 'Some holiday' : null,
      bars,
      quarantined: at % 37 === 5 ? 2 : 0,
    });
  }
  return days;
}

export function madeUpTrace(id: string): Trace | undefined {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  const steps = [
    [0, 'change', 'ingest of 2018-05-11, from flatfiles, live: 5 bars, 5 invalidations'],
    [12, 'event', 'BarsIngested, published'],
    [85, 'job', 'claimed, 5 symbols, submitted'],
    [1_420, 'run', 'started: 5 symbols, 6 intervals'],
    [1_655, 'told', 'SilverUpdated 8d, 5 rows'],
  ] as const;
  return {
    id,
    steps: steps.map(([afterMs, what, detail]) => ({
      at: new Date(afterMs).toISOString(),
      afterMs,
      what,
      detail,
    })),
  };
}

function cents(value: number): string {
  return (value / 100).toFixed(2);
}
