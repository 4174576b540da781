/** How fast jobs start: the first `burst` at once, the others at most one per `everyMs`. */
export type Pace = { readonly burst: number; readonly everyMs: number };

/** As Batch and Fargate take their time to start a job, and events meanwhile coalesce into the job that waits. */
export class StartPacer {
  private readonly pace: Pace;
  /** When, were all starts spread evenly, the next one would be due. */
  private dueMs: number;

  constructor(pace: Pace, nowMs: number) {
    this.pace = pace;
    this.dueMs = nowMs;
  }

  /** Takes leave to start a job now: 0, or the milliseconds to wait before asking again. */
  take(nowMs: number): number {
    const { burst, everyMs } = this.pace;
    const due = Math.max(this.dueMs, nowMs);
    const waitMs = due - nowMs - (burst - 1) * everyMs;
    if (waitMs > 0) return Math.ceil(waitMs);
    this.dueMs = due + everyMs;
    return 0;
  }
}
