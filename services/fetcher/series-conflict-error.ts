import type { NotAppendable } from '../../sql/queries/lock-delivered-symbols.ts';

/** Adjusted bars of one source and bars of another must not become one series. */
export class SeriesConflictError extends Error {
  override name = 'SeriesConflictError';
  readonly symbols: readonly string[];
  constructor(conflicts: readonly NotAppendable[], delivered: { source: string; adjusted: boolean }) {
    const [first] = conflicts;
    const others = conflicts.length > 1 ? ` and ${conflicts.length - 1} other symbols` : '';
    super(
      `${first?.symbol}${others}: stored ${describe(first?.deliveredAdjusted)} from source "${first?.source}", ` +
        `delivered ${describe(delivered.adjusted)} by "${delivered.source}". The two must not be mixed in one series: ` +
        'choose another data folder (FIBBARS_DATA_DIR=… or another DATABASE_URL), or leave these symbols out (--symbols)',
    );
    this.symbols = conflicts.map((conflict) => conflict.symbol);
  }
}

function describe(adjusted: boolean | undefined): string {
  return adjusted ? 'adjusted for splits' : 'unadjusted';
}
