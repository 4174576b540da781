import type { Delivery } from './bar.ts';

/** A trading day that a source can deliver. */
export type AvailableDay = {
  readonly tradingDay: string;
  /** Names the content, without reading it all; absent: it is to be read in any case. */
  readonly fingerprint?: () => Promise<string>;
  /** @throws {NotYetError} if the source publishes it later. */
  readonly read: (signal: AbortSignal) => Promise<Delivery>;
};
