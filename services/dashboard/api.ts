/**
 * What the page and its server say to each other: JSON over HTTP, and server-sent events. The page imports these types alone.
 *
 * Prices and volumes are decimal text, exactly as the tables have them; days are YYYY-MM-DD in New York; instants are ISO 8601 in UTC.
 *
 *     GET  /api/session                                → Session
 *     GET  /api/symbols?query=&limit=                  → SymbolFound[], best match first
 *     GET  /api/bars?symbol=&interval=&before=&limit=  → Bars, the newest `limit` (5,000 by default) that start before `before`
 *     GET  /api/group?symbol=&interval=&start=         → DailyBar[], the days in that bar
 *     GET  /api/bars.csv?symbol=&interval=             → CSV, all bars of the symbol
 *     GET  /api/pipeline                               → Pipeline
 *     GET  /api/days?from=&through=                    → Day[], every calendar day
 *     GET  /api/trace?id=                              → Trace; 404 when nothing is known of the id
 *     GET  /api/live                                   → server-sent events, each a LiveEvent; Last-Event-ID catches up.
 *                                                        It opens when it listens: read then what is shown, not before
 *     GET  /api/acts                                   → Act[], the newest first
 *     POST /api/acts           ActRequest              → Act; local only, with the header x-fibbars-token
 *     POST /api/acts/ID/stop                           → Act; likewise
 *
 * Every failure is a Problem with a fitting status: what was wrong, what the value was, what to do.
 */
export type Problem = { readonly error: string };

export type Session = {
  /** 1 for the daily bars themselves, then the intervals, in days, ascending. */
  readonly intervals: readonly number[];
  readonly symbols: number;
  readonly lastDay: string | null;
  /** Whether the pipeline runs on this machine, so that the page may act. */
  readonly local: boolean;
  /** To be sent with acts; null when the page may not act. */
  readonly token: string | null;
  readonly version: string;
};

export type SymbolFound = {
  readonly symbol: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly bars: number;
};

export type Bar = {
  readonly start: string;
  readonly end: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  /** Trading days in it; fewer than the interval while it is forming. */
  readonly count: number;
};

export type Split = { readonly exDay: string; readonly from: string; readonly to: string };

export type Bars = {
  readonly symbol: string;
  readonly interval: number;
  readonly bars: readonly Bar[];
  /** Whether older bars are there. */
  readonly more: boolean;
  readonly splits: readonly Split[];
  /** Whether prices are adjusted for the splits, or delivered so. */
  readonly adjusted: boolean;
};

export type DailyBar = Omit<Bar, 'start' | 'end' | 'count'> & { readonly day: string };

/** Counts at each stage of the flow; null: not to be seen from here, as queues are with a database alone. */
export type Pipeline = {
  /** When they were taken. The bars of silver are counted whenever that is done in a 50th of the time: large tables every few minutes. */
  readonly at: string;
  readonly bronze: { readonly bars: number; readonly lastDay: string | null; readonly missingDays: number };
  readonly outbox: { readonly unpublished: number; readonly oldestAgeSeconds: number | null };
  readonly bus: { readonly events: number } | null;
  readonly queue: { readonly waiting: number; readonly inFlight: number } | null;
  readonly deadLetters: number | null;
  readonly jobs: {
    readonly claimed: number;
    readonly running: number;
    readonly failed: number;
    readonly succeeded: number;
  };
  readonly pending: {
    readonly invalidations: number;
    readonly symbols: number;
    readonly oldestAgeSeconds: number | null;
  };
  readonly silver: readonly { readonly interval: number; readonly bars: number }[];
};

/**
 * late: it came after later days. restated: bars of it were corrected or deleted since. missing: no source delivered it, and later
 * days are there. outside: before the first bar, or after the last day that was delivered. future: its session has not closed yet.
 */
export type DayState =
  | 'complete'
  | 'late'
  | 'restated'
  | 'missing'
  | 'holiday'
  | 'weekend'
  | 'outside'
  | 'future';

export type Day = {
  readonly day: string;
  readonly state: DayState;
  /** Name of the holiday, or "early close". */
  readonly note: string | null;
  readonly bars: number;
  readonly quarantined: number;
};

export type TraceStep = {
  readonly at: string;
  /** Since the first step. */
  readonly afterMs: number;
  readonly what: string;
  readonly detail: string;
};

export type Trace = { readonly id: string; readonly steps: readonly TraceStep[] };

/** Each comes as `event: kind`, `id:` where it can be caught up from, `data:` this. */
export type LiveEvent =
  | {
      readonly kind: 'silver';
      readonly eventId: string;
      readonly interval: number;
      readonly symbols: readonly string[];
      readonly completedSymbols: readonly string[];
      readonly fromDay: string | null;
      readonly changedRows: number;
      readonly cause: string;
      readonly correlationId: string;
      readonly occurredAt: string;
    }
  /** When something changed, at most once a second; otherwise every 10 s, as a sign of life. */
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline }
  | { readonly kind: 'act'; readonly act: Act }
  /** More was missed than is kept: read everything again. */
  | { readonly kind: 'reset' };

export type ActRequest =
  | {
      readonly kind: 'replay';
      readonly from: string;
      readonly to: string;
      readonly symbols?: readonly string[];
    }
  | { readonly kind: 'redrive' }
  | { readonly kind: 'verify'; readonly symbols?: readonly string[] };

export type Act = {
  readonly id: string;
  readonly request: ActRequest;
  /** The same on the command line. */
  readonly command: string;
  readonly state: 'running' | 'done' | 'failed' | 'stopped';
  readonly done: number;
  readonly total: number | null;
  readonly unit: string;
  /** What came of it, in one line. */
  readonly outcome: string | null;
  readonly startedAt: string;
};
