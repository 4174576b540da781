import type { QuarantineReason } from './quarantine-reasons.ts';

/** One row as a source delivered it. All values are the delivered text, never a number. */
export type DeliveredRow = {
  /** Of the row in its delivery: 1 is the first after the header. */
  readonly position: number;
  readonly symbol: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  /** Why its reader already knows that it is no bar of this day. */
  readonly refused?: QuarantineReason;
  /** The whole row as it was read, or its cells; put together from the fields when both are absent. */
  readonly raw?: string;
  readonly cells?: readonly string[];
};

/** A daily bar: a symbol, four positive prices with open and close from low to high, a volume of 0 or more. */
export type Bar = Omit<DeliveredRow, 'refused' | 'raw' | 'cells'>;

export type Quarantined = {
  readonly position: number;
  readonly reason: QuarantineReason;
  readonly symbol: string;
  /** The row as it was read. */
  readonly row: string;
};

/** What one source says of one trading day, every row judged: bars in delivered order, at most one a symbol. */
export type Delivery = {
  readonly source: string;
  /** `YYYY-MM-DD` in New York. */
  readonly tradingDay: string;
  /** Whether prices and volumes are already adjusted for splits. */
  readonly adjusted: boolean;
  /** Of the content and of the selection: the same again need not be read. */
  readonly fingerprint: string;
  /** The symbols that were asked for; absent: the whole market. Nothing is said of any other symbol. */
  readonly selection?: readonly string[];
  readonly bars: readonly Bar[];
  readonly quarantined: readonly Quarantined[];
};
