import type { Resource } from '../synthesise.ts';

export type CostLine = {
  readonly name: string;
  /** A month. */
  readonly usd: number;
  /** What it is reckoned from. */
  readonly assumption: string;
};

/** What a month of the pipeline does. */
export type Month = {
  readonly symbols: number;
  /** Of the whole market, which is some 11,000 symbols. */
  readonly share: number;
  /** Runs of the fetcher. */
  readonly runs: number;
  /** Of a run: how long each program takes, and the database until it pauses. */
  readonly minutes: {
    readonly fetch: number;
    readonly resample: number;
    readonly dispatcher: number;
    readonly pause: number;
  };
};

const weeks = 365 / 7 / 12;

export function monthOf(resources: readonly Resource[], symbols: number): Month {
  const share = symbols / 11_000;
  return {
    symbols,
    share,
    runs: ofType(resources, 'Scheduler::Schedule').reduce((sum, each) => sum + weeks * daysAWeek(each), 0),
    // Five calls a minute; a task takes a minute to start; the dispatcher stops when its queue has been empty for 15.
    minutes: { fetch: 4, resample: 1.5 + 0.5 * share, dispatcher: 20, pause: 5 },
  };
}

export function line(name: string, usd: number, assumption: string): CostLine {
  return { name, usd: cents(usd), assumption };
}

export function cents(usd: number): number {
  return Math.round(100 * usd) / 100;
}

/** @param type without AWS:: */
export function ofType(resources: readonly Resource[], type: string): Resource[] {
  return resources.filter(({ Type }) => Type === `AWS::${type}`);
}

function daysAWeek({ Properties }: Resource): number {
  const days = String(Properties?.['ScheduleExpression']).split(' ')[4] ?? '*';
  if (days === '*') return 7;
  const names = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];
  const [from = '', to] = days.split('-');
  if (to === undefined) return days.split(',').length;
  return ((names.indexOf(to) - names.indexOf(from) + 7) % 7) + 1;
}
