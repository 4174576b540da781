/**
 * What a backfill remembers of the days that it has committed, so that the next one costs less.
 *
 * Invariant: a symbol is still noted only while an invalidation that this backfill wrote for it, from one of its earlier days on
 * and to the end, is there, as seen under the symbol's lock. Whoever takes that invalidation locks the symbol later, and so
 * reads this day's bar too: a second invalidation would say nothing more.
 */
import { countLeft } from '../../sql/queries/count-left.ts';
import type { RecordedChange } from '../../sql/queries/record-ingest.ts';
import { symbolsLeft } from '../../sql/queries/symbols-left.ts';
import type { Client } from '../shared/database.ts';

/** A day, and the symbols for each of which it wrote an invalidation that their bar was appended. */
export type NotedDay = RecordedChange & { readonly symbols: readonly string[] };

export class BackfillMemory {
  /** Symbols that are sure to have a row in ops.symbol, where none is ever deleted. */
  readonly known = new Set<string>();
  /** Of a day with fewer, there is less to save than a round trip costs. */
  readonly fewestBars: number;
  private days: readonly NotedDay[] = [];
  /** Of all these days; made anew when they change. */
  private noted: ReadonlySet<string> | undefined;

  constructor(fewestBars = 100) {
    this.fewestBars = fewestBars;
  }

  /** Whether no earlier day can have left anything pending. */
  get isEmpty(): boolean {
    return this.days.length === 0;
  }

  /** The symbols of which an earlier day's invalidation is still pending. Those in question must be locked by an earlier statement. */
  async stillNoted(client: Client): Promise<ReadonlySet<string>> {
    const left = await countLeft(client, this.days);
    const taken = this.days.filter(({ changeId, symbols }) => left.get(changeId) !== symbols.length);
    if (taken.length > 0) {
      const kept = await symbolsLeft(client, taken);
      this.noted = undefined;
      this.days = this.days
        .map((day) => (taken.includes(day) ? { ...day, symbols: kept.get(day.changeId) ?? [] } : day))
        .filter(({ symbols }) => symbols.length > 0);
    }
    this.noted ??= new Set(this.days.flatMap(({ symbols }) => symbols));
    return this.noted;
  }

  /** To be told of a day that has committed; and, if it did nothing but append bars, what it noted. */
  remember(bars: readonly { readonly symbol: string }[], noted: NotedDay | undefined): void {
    for (const { symbol } of bars) this.known.add(symbol);
    if (noted === undefined || noted.symbols.length === 0) return;
    this.days = [...this.days, noted];
    this.noted = undefined;
  }
}
