import { insertMissingSymbols } from '../../sql/queries/insert-missing-symbols.ts';
import { lockDeliveredSymbols } from '../../sql/queries/lock-delivered-symbols.ts';
import type { Client } from '../shared/database.ts';
import type { Bar, Delivery, Quarantined } from './bar.ts';
import { symbolsLiteral } from './bar-columns.ts';
import { findMissing } from './find-missing.ts';
import type { IngestOptions } from './ingest-day.ts';
import { SeriesConflictError } from './series-conflict-error.ts';

export type Judged = {
  readonly appendable: readonly Bar[];
  readonly others: readonly Bar[];
  readonly tooOld: readonly Quarantined[];
  /** Stored bars that the delivery lacks, and that are to be deleted. */
  readonly pruned: readonly string[];
  readonly missing: readonly string[];
  /** ops.interval, ascending. */
  readonly intervals: readonly number[];
};

/** Locks the symbols and sorts their bars: under the lock a symbol's state is exact, so most need no look at bronze. */
export async function lockAndJudge(
  client: Client,
  delivery: Delivery,
  { prune = false }: IngestOptions,
  known: ReadonlySet<string> = new Set(),
): Promise<Judged> {
  const { tradingDay, source, adjusted, bars } = delivery;
  const lacking = await findMissing(client, delivery);
  const pruned = prune ? lacking : [];
  const sorted = [...bars, ...pruned.map((symbol) => ({ symbol }))].toSorted((a, b) =>
    a.symbol < b.symbol ? -1 : 1,
  );
  const symbols = symbolsLiteral(sorted);
  if (!bars.every(({ symbol }) => known.has(symbol))) {
    await insertMissingSymbols(client, { symbols, source, adjusted });
  }
  const { intervals, exceptions } = await lockDeliveredSymbols(client, {
    symbols,
    tradingDay,
    source,
    adjusted,
  });
  const conflicts = exceptions.filter((each) => each.conflict);
  if (conflicts.length > 0) throw new SeriesConflictError(conflicts, { source, adjusted });
  const bySymbol = new Map(exceptions.map((each) => [each.symbol, each]));
  const isTooOld = (bar: Bar) => bySymbol.get(bar.symbol)?.beforeRetention === true;
  return {
    appendable: bars.filter((bar) => !bySymbol.has(bar.symbol)),
    others: bars.filter((bar) => bySymbol.has(bar.symbol) && !isTooOld(bar)),
    tooOld: bars.filter(isTooOld).map(asTooOld),
    pruned,
    missing: prune ? [] : lacking,
    intervals,
  };
}

function asTooOld({ position, symbol, open, high, low, close, volume }: Bar): Quarantined {
  const row = [symbol, open, high, low, close, volume].join(',');
  return { position, symbol, row, reason: 'before_retention' };
}
