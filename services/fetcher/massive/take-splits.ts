import { findAdjustedSymbols } from '../../../sql/queries/find-adjusted-symbols.ts';
import { listSplits } from '../../../sql/queries/list-splits.ts';
import { newYorkDay } from '../../shared/calendar/new-york.ts';
import type { Database } from '../../shared/database.ts';
import { importSplits } from '../splits/import-splits.ts';
import type { Split } from '../splits/split.ts';
import type { MassiveDeps } from './grouped-daily.ts';
import { MassiveError } from './massive-error.ts';
import { massiveSource } from './massive-source.ts';
import { readSplitRecords } from './read-splits.ts';
import { judgeSplitRecords, type RefusedSplit } from './split-records.ts';

export type TakenSplits = {
  /** Records. */
  readonly received: number;
  /** New, or with another ratio than before. */
  readonly changed: number;
  readonly unchanged: number;
  /** Stored from elsewhere, as by `splits import`, and left as they are. */
  readonly keptAsStored: number;
  /** Of symbols whose bars were delivered adjusted. */
  readonly ofAdjustedSeries: number;
  readonly upcoming: number;
  readonly refused: readonly RefusedSplit[];
  /** Why there are none: the bars are taken in all the same. */
  readonly error: string | null;
};

export type SplitDeps = MassiveDeps & { readonly db: Database };

export type SplitRequest = {
  /** The first ex-date. The last is today: all of them count for the bars before. */
  readonly from: string;
  /** Absent: all. */
  readonly symbols?: ReadonlySet<string> | undefined;
};

/** Asks for splits and stores those that are new. The events wait in the outbox: call `publishOutbox` afterwards. */
export async function takeSplits(
  deps: SplitDeps,
  { from, symbols }: SplitRequest,
  signal: AbortSignal,
): Promise<TakenSplits> {
  const today = newYorkDay(deps.clock());
  let records: readonly unknown[];
  try {
    records = await readSplitRecords(deps.client, { from, to: today }, signal);
  } catch (error) {
    if (!(error instanceof MassiveError) && !signal.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    deps.logger.error({ reason }, 'No splits: the next run asks for them again');
    return { ...none, error: reason };
  }
  const { splits, upcoming, refused } = judgeSplitRecords(records, { today, symbols });
  if (refused.length > 0) deps.logger.warn({ refused }, 'Splits that say nothing sure are left out');
  return { ...none, received: records.length, upcoming, refused, ...(await store(deps.db, splits)) };
}

const none: TakenSplits = {
  received: 0,
  changed: 0,
  unchanged: 0,
  keptAsStored: 0,
  ofAdjustedSeries: 0,
  upcoming: 0,
  refused: [],
  error: null,
};

/** What somebody has put right by hand is not put wrong again each night. */
async function store(db: Database, splits: readonly Split[]) {
  const keyOf = ({ symbol, exDate }: Split) => `${symbol} ${exDate}`;
  const symbols = splits.map(({ symbol }) => symbol);
  const { stored, adjusted } = await db.repeat(async (client) => ({
    stored: await listSplits(client),
    adjusted: new Set(await findAdjustedSymbols(client, symbols)),
  }));
  const elsewhere = new Set(stored.filter(({ source }) => source !== massiveSource).map(keyOf));
  const asTraded = splits.filter(({ symbol }) => !adjusted.has(symbol));
  const ours = asTraded.filter((split) => !elsewhere.has(keyOf(split)));
  const counts = {
    keptAsStored: asTraded.length - ours.length,
    ofAdjustedSeries: splits.length - asTraded.length,
  };
  if (ours.length === 0) return counts;
  const { changed, unchanged } = await importSplits(db, ours, { source: massiveSource, producer: 'fetcher' });
  return { ...counts, changed, unchanged };
}
