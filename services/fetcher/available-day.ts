import type { Delivery } from './bar.ts';

/** A trading day that a source can deliver. */
export type AvailableDay = {
  readonly tradingDay: string;
  /** Names the content, without reading it all. */
  fingerprint(): Promise<string>;
  read(signal: AbortSignal): Promise<Delivery>;
};
