/** before: it never happens. after: it happens, and nobody hears of it. */
export type Side = 'before' | 'after';

/** crash: the process is gone. cut: that one connection or call breaks, and the process goes on. */
export type Mode = 'crash' | 'cut';

export type Fault = {
  /** Of the statements and calls that the process makes, in their order: 1 is the first. */
  readonly point: number;
  readonly side: Side;
  readonly mode: Mode;
};

/** Counts the statements and SDK calls of one process, and knows which of them is its fault. */
export class FaultPoints {
  /** What was counted. */
  readonly met: string[] = [];
  private readonly fault: Fault | undefined;

  constructor(fault?: Fault) {
    this.fault = fault;
  }

  meet(what: string): 'pass' | Side {
    this.met.push(what);
    return this.fault !== undefined && this.fault.point === this.met.length ? this.fault.side : 'pass';
  }

  /** Whether the process came as far as its fault. */
  get reached(): boolean {
    return this.fault !== undefined && this.fault.point <= this.met.length;
  }
}
