/** How fast jobs start: the first `burst` at once, the others at most one per `everyMs`. */
export type Pace = { readonly burst: number; readonly everyMs: number };

/** As Batch and Fargate take their time to start a job, and events meanwhile coalesce into the job that waits. */
export class StartPacer {
  private readonly pace: Pace;
  private tokens: number;
  private filledAtMs: number;

  constructor(pace: Pace, nowMs: number) {
    this.pace = pace;
    this.tokens = pace.burst;
    this.filledAtMs = nowMs;
  }

  /** Takes leave to start a job now: 0, or the milliseconds to wait before asking again. */
  take(nowMs: number): number {
    const { burst, everyMs } = this.pace;
    if (everyMs <= 0) return 0;
    this.tokens = Math.min(burst, this.tokens + (nowMs - this.filledAtMs) / everyMs);
    this.filledAtMs = nowMs;
    if (this.tokens < 1) return Math.ceil((1 - this.tokens) * everyMs);
    this.tokens -= 1;
    return 0;
  }
}
