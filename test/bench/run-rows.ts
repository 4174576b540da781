import type { Market } from './market.ts';
import { type Measured, measure } from './measure.ts';
import type { Row, RowContext } from './row.ts';
import { expectRight, openStand, type Stand } from './stand.ts';

export type RunOptions = {
  /** Instead of each row's own. */
  readonly market: Partial<Market>;
  readonly rounds: number | undefined;
  readonly onMeasured: (measured: Measured) => void;
  readonly onProgress: (what: string) => void;
  readonly signal: AbortSignal;
};

/** Measures the rows in their order; neighbours of one market share a stand, whose silver is verified at its end. */
export async function runRows(rows: readonly Row[], options: RunOptions): Promise<Measured[]> {
  const results: Measured[] = [];
  let stand: Stand | undefined;
  const leave = async () => {
    if (!stand) return;
    options.onProgress('verifying');
    await expectRight(stand.db);
    await stand.close();
    stand = undefined;
  };
  try {
    for (const row of rows) {
      options.signal.throwIfAborted();
      const market = { ...row.market, ...options.market };
      const context = contextOf(row, market, options, results);
      if ('measureAlone' in row) {
        await leave();
        await row.measureAlone(context);
        continue;
      }
      if (stand && !isSame(stand.market, market)) await leave();
      if (!stand) context.progress('loading the market');
      stand ??= await openStand(market, options.signal);
      await row.measureOn(stand, context);
    }
    await leave();
    return results;
  } finally {
    await stand?.close();
  }
}

function contextOf(row: Row, market: Market, options: RunOptions, results: Measured[]): RowContext {
  const { signal } = options;
  const rounds = options.rounds ?? row.rounds;
  const progress = (what: string) =>
    options.onProgress(`${row.word}, ${market.symbols} symbols × ${market.days} days: ${what}`);
  const show: RowContext['show'] = (comparison) => {
    const ratio = comparison.workValue / comparison.floorValue;
    const measured = { row: row.word, market, rounds, ...comparison, ratio };
    results.push(measured);
    options.onMeasured(measured);
  };
  return {
    market,
    rounds,
    signal,
    progress,
    show,
    async add(trial) {
      const onRound = (round: number) => progress(round === 0 ? 'warming up' : `round ${round} of ${rounds}`);
      for (const comparison of await measure(trial, { rounds, signal, onRound })) show(comparison);
    },
  };
}

function isSame(a: Market, b: Market): boolean {
  return a.symbols === b.symbols && a.days === b.days;
}
