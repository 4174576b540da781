/** Splits do not apply to bars that were delivered adjusted: they would be applied twice. */
export class AdjustedSeriesError extends Error {
  override name = 'AdjustedSeriesError';
  readonly symbols: readonly string[];
  constructor(symbols: readonly string[]) {
    const others = symbols.length > 1 ? ` and ${symbols.length - 1} other symbols` : '';
    super(
      `${symbols[0]}${others}: the stored bars were delivered adjusted for splits, so that a split would count twice. ` +
        'Leave these symbols out, or keep unadjusted bars in another data folder (FIBBARS_DATA_DIR=… or another DATABASE_URL)',
    );
    this.symbols = symbols;
  }
}
