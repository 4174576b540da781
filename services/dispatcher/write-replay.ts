import { randomUUID } from 'node:crypto';
import { invalidateForReplay, symbolsOfDay } from '../../sql/queries/invalidate-day.ts';
import { lockSymbols } from '../../sql/queries/lock-symbols.ts';
import type { Database } from '../shared/database.ts';
import { consumedBefore } from '../shared/idempotency.ts';
import type { DispatcherMessage } from './messages.ts';

type Replayed = Extract<DispatcherMessage, { kind: 'replayed' }>;

/**
 * Invalidates what an event from the archive was about. The same event of the same replay does nothing the second time.
 * Returns how many symbols it concerned.
 */
export async function writeReplay(db: Database, { key, detail }: Replayed): Promise<number> {
  return await db.transaction(
    async (client) => {
      // The claim that follows has the bare key; this one is of the invalidations.
      if (await consumedBefore(client, 'dispatcher replay', [key])) return 0;
      const { data } = detail;
      const day = 'tradingDay' in data ? data.tradingDay : data.fromDate;
      // A restatement was about everything from its date on, whether or not there is a bar on that date.
      const restated = 'fromDate' in data;
      const symbols = restated ? data.symbols : await symbolsOfDay(client, day, data.symbols ?? null);
      const known = (await lockSymbols(client, symbols)).map((state) => state.symbol);
      await invalidateForReplay(
        client,
        {
          eventId: randomUUID(),
          correlationId: detail.metadata.correlationId,
          source: data.source,
          tradingDay: day,
          throughDate: restated ? null : day,
        },
        known,
      );
      return known.length;
    },
    // Repeated, it finds its own key.
    { committed: async () => false },
  );
}
