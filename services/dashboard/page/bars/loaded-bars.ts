import type { Bars } from '../../api.ts';
import { changedStarts, loadChanged, loadNewest, loadOlder } from './bar-series.ts';

export type LoadedEvents = {
  readonly onLoading: () => void;
  /** Other bars than before: of another symbol or interval, or all read again. */
  readonly onLoaded: (next: Bars, before: Bars | null) => void;
  /** More of the same, or the same with changes; `changed` are the starts of the bars with another content. */
  readonly onGrown: (next: Bars, changed: ReadonlySet<string>) => void;
  readonly onFailed: (error: unknown) => void;
};

/** More bars than these do not stand out. */
const markedBars = 200;

/**
 * The bars of one symbol and interval as far as they have been read. One reading of changes at a time, and none beside the first:
 * what is told meanwhile is read after it, so that an older answer never replaces a newer one, nor one symbol's another's.
 */
export class LoadedBars {
  #series: Bars | null = null;
  #wanted = { symbol: '', interval: 0 };
  #abort = new AbortController();
  #reading = false;
  /** From which day on there is something to read again; undefined: nothing. */
  #staleFrom: string | null | undefined;
  #older: Promise<boolean> | null = null;
  readonly #events: LoadedEvents;

  constructor(events: LoadedEvents) {
    this.#events = events;
  }

  get series(): Bars | null {
    return this.#series;
  }

  /** What is to be shown, loaded or not. */
  get wanted(): { readonly symbol: string; readonly interval: number } {
    return this.#wanted;
  }

  /** @returns whether that is something else than before */
  show(symbol: string, interval: number): boolean {
    if (this.#wanted.symbol === symbol && this.#wanted.interval === interval) return false;
    this.#wanted = { symbol, interval };
    this.load();
    return true;
  }

  /** Reads all again. */
  load(): void {
    this.stop();
    this.#abort = new AbortController();
    this.#staleFrom = undefined;
    this.#events.onLoading();
    void this.#read(this.#abort.signal);
  }

  /** Reads what has changed from that day on; null: all. */
  refresh(fromDay: string | null): void {
    this.#staleFrom = this.#staleFrom === undefined ? fromDay : earlier(this.#staleFrom, fromDay);
    if (this.#reading) return;
    if (this.#series === null || this.#series.bars.length === 0) this.load();
    else void this.#readChanges(this.#abort.signal);
  }

  /** @returns whether there are still older bars to be had */
  older(): Promise<boolean> {
    this.#older ??= this.#readOlder(this.#abort.signal).finally(() => {
      this.#older = null;
    });
    return this.#older;
  }

  stop(): void {
    this.#abort.abort();
  }

  async #read(signal: AbortSignal): Promise<void> {
    this.#reading = true;
    const before = this.#series;
    try {
      const next = await loadNewest(this.#wanted.symbol, this.#wanted.interval, signal);
      if (signal.aborted) return;
      this.#series = next;
      this.#events.onLoaded(next, before);
    } catch (error) {
      if (signal.aborted) return;
      this.#series = null;
      this.#events.onFailed(error);
    }
    this.#reading = false;
    if (this.#staleFrom !== undefined && this.#series !== null) await this.#readChanges(signal);
  }

  async #readChanges(signal: AbortSignal): Promise<void> {
    this.#reading = true;
    try {
      while (this.#staleFrom !== undefined && this.#series !== null) {
        const from: string | null = this.#staleFrom;
        this.#staleFrom = undefined;
        const { bars } = this.#series;
        const next = await loadChanged(this.#series, from, signal);
        if (signal.aborted) return;
        const changed = changedStarts(bars, next.bars);
        this.#grow(next, changed.size < markedBars ? changed : new Set());
      }
    } catch {
      // The connection is what failed, and the page says so; when it is back, everything is read again.
      if (signal.aborted) return;
      this.#staleFrom = undefined;
    }
    this.#reading = false;
  }

  async #readOlder(signal: AbortSignal): Promise<boolean> {
    const asked = this.#series;
    if (asked === null || !asked.more) return false;
    try {
      const longer = await loadOlder(asked, signal);
      if (signal.aborted) return false;
      // A change that came meanwhile has replaced what was asked from.
      if (this.#series !== asked) return await this.#readOlder(signal);
      this.#grow(longer, new Set());
      return longer.more;
    } catch {
      // Panning on asks again.
      return false;
    }
  }

  #grow(next: Bars, changed: ReadonlySet<string>): void {
    this.#series = next;
    this.#events.onGrown(next, changed);
  }
}

function earlier(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return null;
  return one < other ? one : other;
}
