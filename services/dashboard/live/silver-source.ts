import type { SilverUpdated } from '../../../events/silver-updated.ts';
import type { SilverTold } from './live-feed.ts';

export type SilverListener = {
  /** Takes each event at least once. */
  readonly hear: (event: SilverUpdated) => void;
  /** Events were missed, and nobody knows which. */
  readonly lose: () => void;
};

/** Where the dashboard hears of SilverUpdated. */
export type SilverSource = {
  /** Resolves when each event that is published from now on will be heard. */
  start(listener: SilverListener): Promise<Listening>;
};

export type Listening = { stop(): Promise<void> };

export function toldOf({ metadata, data }: SilverUpdated): SilverTold {
  return {
    kind: 'silver',
    eventId: metadata.id,
    interval: data.interval,
    symbols: data.symbols,
    completedSymbols: data.completedSymbols,
    fromDay: data.from,
    changedRows: data.changedRows,
    cause: metadata.cause,
    correlationId: metadata.correlationId,
    occurredAt: metadata.occurredAt,
  };
}
