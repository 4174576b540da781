import type { Market } from './market.ts';
import type { Comparison, Trial } from './measure.ts';
import type { Stand } from './stand.ts';

export type RowContext = {
  readonly market: Market;
  /** Measures, and shows what came of it. */
  readonly add: (trial: Trial) => Promise<void>;
  /** Shows what was measured otherwise. */
  readonly show: (comparison: Comparison) => void;
  /** Says on a terminal what is being done. */
  readonly progress: (what: string) => void;
  readonly rounds: number;
  readonly signal: AbortSignal;
};

type Described = {
  /** In --only. */
  readonly word: string;
  readonly market: Market;
  /** Medians are of so many. */
  readonly rounds: number;
};

/** A row of the table, or a few that share a floor: on a stand that is shared with the other rows of its market, or alone. */
export type Row = Described &
  (
    | { readonly measureOn: (stand: Stand, context: RowContext) => Promise<void> }
    | { readonly measureAlone: (context: RowContext) => Promise<void> }
  );
